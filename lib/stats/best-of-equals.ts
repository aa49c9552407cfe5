/**
 * What luck alone would have shown: the best of as many prompts as the search measured, if all of them were exactly as
 * good as the incumbent. The incumbent's own outcomes are resampled (Efron & Tibshirani 1993), so that it orders no
 * trial. Each equal prompt draws its rows anew: equal prompts pass as many rows, not the same ones.
 */
import type { Draws } from "../random.ts";
import { mean } from "./mean.ts";
import { quantile } from "./quantile.ts";

export interface EqualPrompts {
  /** The incumbent's outcomes by row, on rows drawn at random; rows without a trial are left out. */
  outcomes: readonly (readonly number[])[];
  /** For each prompt that could have been the winner: the number of rows it was measured on, one trial a row. */
  rowsOf: readonly number[];
  draws: Draws;
  /** Number of resamples; 1,000 by default. */
  resamples?: number;
}

export interface BestOfEquals {
  /** Mean of the best rate over the resamples. */
  mean: number;
  /** The middle 95 % of the best rate. */
  low: number;
  high: number;
}

/**
 * The best success rate among prompts as good as the incumbent. A prompt with few rows is easily lucky: list those that
 * competed for the first place, not those that were dropped early. Null without outcomes or without prompts. Throws
 * RangeError for a number of rows that is not a positive integer.
 */
export function bestOfEquals({
  outcomes,
  rowsOf,
  draws,
  resamples = 1_000,
}: EqualPrompts): BestOfEquals | null {
  if (!rowsOf.every((rows) => Number.isSafeInteger(rows) && rows > 0))
    throw new RangeError(`numbers of rows must be positive integers, not ${rowsOf.join(", ")}`);
  const measured = outcomes.filter((trials) => trials.length > 0);
  if (measured.length === 0 || rowsOf.length === 0) return null;
  const best: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (const rows of rowsOf) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += draws.pick(draws.pick(measured));
      highest = Math.max(highest, sum / rows);
    }
    best.push(highest);
  }
  best.sort((a, b) => a - b);
  return { mean: mean(best), low: quantile(best, 0.025), high: quantile(best, 0.975) };
}
