import { z } from "zod";
import { promptOperator } from "#lib/domain/prompt.ts";

/** A child that no operator could make, or that a guard turned away before it cost a trial. */
export const refusedChild = z.object({
  slot: z.int(),
  operator: promptOperator,
  guard: z.string(),
  reason: z.string(),
});
export type RefusedChild = z.infer<typeof refusedChild>;
