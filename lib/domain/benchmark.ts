import { z } from "zod";

/** How an answer of an imported suite is judged; the workbench judges with its own verifier. */
export const grader = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("exact"), ignoreCase: z.boolean().default(true) }),
  /** The first label of `labels` that occurs as a word in the answer must be `expected`. */
  z.strictObject({ kind: z.literal("label") }),
  z.strictObject({ kind: z.literal("contains"), ignoreCase: z.boolean().default(true) }),
  z.strictObject({ kind: z.literal("numeric"), tolerance: z.number().nonnegative().default(1e-6) }),
  z.strictObject({ kind: z.literal("workbench") }),
]);
export type Grader = z.infer<typeof grader>;

/** A line of an imported suite. */
export const suiteLine = z.object({
  id: z.string().min(1).max(200),
  input: z.string().min(1).max(100_000),
  expected: z.string().max(20_000),
  labels: z.array(z.string().min(1).max(200)).min(2).max(200).optional(),
  grader: grader.optional(),
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
