/** Conversions between int and float that fail as Python's do. */
import { TemplateError } from "./refusal.ts";

/** An int as a float, refused where Python overflows. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === "bigint" && !Number.isFinite(float))
    throw new TemplateError("number", "This number is too large for a float; use a smaller one.");
  return float;
}
