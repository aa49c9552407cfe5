import { z } from "zod";

/**
 * Text that the database can hold: without NUL characters. The pattern says so in the schemas made from it, where a
 * refinement would not be seen.
 */
export const plainText = z
  .string()
  .refine((text) => !text.includes("\0"), "holds a NUL character")
  .meta({ pattern: "^[^\\u0000]*$" });

/** Why somebody decided, for whoever asks later. */
export const statedReason = plainText.trim().min(3, "say why, in a few words").max(2_000);

/** Why somebody releases without proof: it is all that stands behind the version, so one word is not enough. */
export const releaseReason = plainText
  .trim()
  .regex(/\S\s+\S+\s+\S|\S{10}/, "say why in a few words, three at least")
  .max(2_000);
