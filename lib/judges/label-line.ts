import { z } from "zod";
import { plainText } from "../domain/plain-text.ts";

const answerLengthMax = 100_000;

/** A label as people write it: the benchmark's id within its suite, the answer, and whether it passes. */
export const labelLine = z.strictObject({
  id: z.string().min(1).max(200),
  answer: z.string().max(answerLengthMax),
  pass: z.boolean(),
  /** Who said so; whoever imports it by default. */
  by: plainText.trim().min(1).max(100).optional(),
});
export type LabelLine = z.infer<typeof labelLine>;
