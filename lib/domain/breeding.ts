import { z } from "zod";
import { promptOperator } from "./prompt.ts";

/** How children are made: the parts of the search that can be switched, so that each can be measured without. */
export const breedingConfig = z.strictObject({
  /** Slots go to the operators whose children stayed; off, to fixed shares. */
  bandit: z.boolean().default(true),
  /** Children take pieces of other prompts beside their own edit; off, they carry one edit each. */
  mixing: z.boolean().default(true),
  /** The proposer is told which edits lost, and near-duplicates are refused. */
  memory: z.boolean().default(true),
  /** Half of the parents are specialists of single benchmarks, a quarter is what the front would miss most; off, all come from tournaments. */
  specialists: z.boolean().default(true),
  /** Words on tools may be edited; off, since such edits often harm tools that worked. */
  toolDescriptions: z.boolean().default(false),
  /** Operators that are never used. */
  without: z.array(promptOperator).default([]),
});
export type BreedingConfig = z.infer<typeof breedingConfig>;
