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
