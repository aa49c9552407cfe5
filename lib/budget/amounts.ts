import { AppError } from "../errors.ts";

/** The smallest amount that is counted: a billionth of a dollar, the scale of the ledger's columns. */
const scale = 9;
const amountMaxUsd = 100_000_000;

/**
 * USD as the decimal text that the ledger's NUMERIC columns take: sums are made by Postgres in decimals, never in floats.
 * Throws AppError("invalid") unless the amount is finite, not negative and below 100 million.
 */
export function toDecimal(usd: number): string {
  if (!(usd >= 0 && usd < amountMaxUsd))
    throw new AppError("invalid", `${usd} USD is no amount that can be reserved or spent.`);
  return usd.toFixed(scale);
}

/** As toDecimal, rounded up: a reservation never covers less than it was asked for. */
export function toDecimalAtLeast(usd: number): string {
  const text = toDecimal(usd);
  return Number(text) < usd ? toDecimal(usd + 10 ** -scale) : text;
}

/** The UTC day of a moment, as the ledger keys it: `2026-11-23`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
