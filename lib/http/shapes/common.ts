import { z } from "zod";
import { figureKinds } from "#lib/domain/success-figure.ts";

/** A moment as ISO 8601 text in UTC. */
export const instant = z.iso.datetime();

/** A figure with its 95 % interval and the observations behind it. */
export const estimate = z
  .object({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    n: z.int(),
  })
  .meta({ id: "Estimate" });

/** The one success rate of a prompt with where it comes from: sealed rows, or the search's own trials. */
export const successFigure = estimate
  .extend({ kind: z.enum(figureKinds) })
  .meta({ id: "SuccessFigure" });

/** One page of a list; `nextCursor` is null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** What every refusal is answered with. */
export const errorEnvelope = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
      requestId: z.string(),
    }),
  })
  .meta({ id: "Error" });

export const me = z.object({
  name: z.string(),
  displayName: z.string(),
  role: z.enum(["viewer", "engineer", "admin"]),
});
export type Me = z.infer<typeof me>;
