import { z } from "zod";
import { type Grader, grader, graderParts } from "./grader.ts";

const metadataLengthMax = 20_000;

export const benchmarkMetadata = z
  .record(z.string(), z.unknown())
  .refine(
    (metadata) => JSON.stringify(metadata).length <= metadataLengthMax,
    `has more than ${metadataLengthMax} characters as JSON`,
  );
export type BenchmarkMetadata = z.infer<typeof benchmarkMetadata>;

/** Names that are compared must be kept as they are: the database holds no NUL and no half of a character. */
function storable(text: z.ZodString): z.ZodString {
  return text.regex(
    /^[^\0\p{Surrogate}]*$/u,
    "holds a NUL or half a character, which cannot be stored",
  );
}

/** A line of an imported suite. */
export const suiteLine = z.strictObject({
  id: storable(z.string().min(1).max(200)),
  input: z.string().min(1).max(100_000),
  /** May be left out where no grader compares with it. */
  expected: z.string().max(20_000).optional(),
  labels: z
    .array(storable(z.string().min(1).max(200)))
    .min(2)
    .max(200)
    .optional(),
  grader: grader.optional(),
  /** Several graders instead of one, and the mean score from which they pass together. */
  graders: graderParts.optional(),
  threshold: z.number().min(0).max(1).optional(),
  /** Whatever the agents need beside the input; no grader and no search looks at it. */
  metadata: benchmarkMetadata.optional(),
  /** A prompt that is confirmed to lose a required benchmark is rejected; the loss of another one is shown. */
  required: z.boolean().optional(),
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
  /** Hash of the normalized input: benchmarks of a suite that ask the same are one group. */
  group: string;
  /** A confirmed loss of it rejects a prompt. */
  required: boolean;
  /** Only a proof may run it: neither the search nor the proposer nor an example sees it. */
  sealed: boolean;
  /** What foreign agents are told of it beside the input; absent where there is nothing. */
  metadata?: BenchmarkMetadata;
}
