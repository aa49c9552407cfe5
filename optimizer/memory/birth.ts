import { z } from "zod";
import { promptOperator } from "#lib/domain/prompt.ts";
import { genomeDifference } from "#lib/genome/difference.ts";
import { aim } from "../loop/aim.ts";

/** How a child came about, as the mutate step keeps it: what the bandit and the memory are computed from. */
export const birth = z.object({
  id: z.string(),
  operator: promptOperator,
  parentIds: z.array(z.string()),
  /** What it was bred for; births of earlier versions were all bred for success. */
  aim: aim.default("success"),
  /** The edit in one line. */
  intent: z.string(),
  /** Signature of the failures it was made against, and the section it was asked for; null when it had none. */
  signature: z.string().nullable(),
  section: z.string().nullable(),
  difference: genomeDifference,
  /** What its making was billed, proposer and sanity calls together, in USD. */
  costUsd: z.number(),
});
export type Birth = z.infer<typeof birth>;
