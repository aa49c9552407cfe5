import { z } from "zod";
import { type Grader, grader, graderParts } from "./grader.ts";

/** A line of an imported suite. */
export const suiteLine = z.object({
  id: z.string().min(1).max(200),
  input: z.string().min(1).max(100_000),
  /** May be left out where no grader compares with it. */
  expected: z.string().max(20_000).optional(),
  labels: z.array(z.string().min(1).max(200)).min(2).max(200).optional(),
  grader: grader.optional(),
  /** Several graders instead of one, and the mean score from which they pass together. */
  graders: graderParts.optional(),
  threshold: z.number().min(0).max(1).optional(),
});
export type SuiteLine = z.infer<typeof suiteLine>;

export interface Benchmark {
  id: string;
  suite: string;
  externalId: string;
  /** Text the agent sees, or for the workbench the problem's JSON. */
  input: string;
  expected: string | null;
  labels: string[] | null;
  grader: Grader;
  weight: number;
  contentHash: string;
  /** Family of a workbench problem, or null. */
  family: string | null;
}
