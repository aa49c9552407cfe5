import type { z } from "zod";

export type BoundedNumber = z.ZodOptional<z.ZodNumber> | z.ZodDefault<z.ZodNumber>;

export interface NumberBounds {
  least: number;
  most: number;
  /** Null where a size follows from others. */
  fallback: number | null;
}

/** Bounds and default of a number of the configuration, for forms and options: the schema alone says them. */
export function numberBounds(schema: BoundedNumber): NumberBounds {
  const inner = schema.unwrap();
  return {
    least: inner.minValue ?? 0,
    most: inner.maxValue ?? Number.MAX_SAFE_INTEGER,
    fallback: schema.parse(undefined) ?? null,
  };
}
