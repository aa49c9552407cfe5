/**
 * Ratio of the mean costs or latencies of two arms, paired over clusters, with an interval by the delta method on the
 * logarithm (Cochran 1977, chapter 6): with c and b the means of a pair and R the ratio of their means, the residuals
 * c − R·b give the standard error of log R.
 */
import type { Estimate } from "../domain/experiment.ts";
import { mean } from "./mean.ts";
import type { PairedOutcomes } from "./permutation.ts";

/**
 * Mean of the candidate over mean of the baseline with the two-sided interval of the normal quantile `z`; n is the
 * number of clusters. Two arms that cost nothing have ratio 1; any cost over none is the largest finite number, and
 * its interval starts at 1. With fewer than two clusters the interval is the whole range 0..Number.MAX_VALUE. Pairs
 * that lack an arm are left out. Throws RangeError for a negative amount.
 */
export function ratioOfMeans(pairs: readonly PairedOutcomes[], z: number): Estimate {
  const complete = pairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
  const baseline = complete.map((pair) => mean(pair.baseline));
  const candidate = complete.map((pair) => mean(pair.candidate));
  if ([...baseline, ...candidate].some((amount) => !(amount >= 0)))
    throw new RangeError("an amount is negative or no number");
  const n = complete.length;
  const whole = { low: 0, high: Number.MAX_VALUE, n };
  if (n === 0) return { value: 1, ...whole };
  const [b, c] = [mean(baseline), mean(candidate)];
  const value = c === b ? 1 : Math.min(Number.MAX_VALUE, c / b);
  if (n < 2) return { value, ...whole };
  if (b === 0) return c === 0 ? { value, low: 1, high: 1, n } : { value, ...whole, low: 1 };
  if (c === 0) return { value, low: 0, high: 0, n };
  const squares = candidate.reduce(
    (sum, amount, i) => sum + (amount - (c / b) * (baseline[i] ?? 0)) ** 2,
    0,
  );
  const factor = Math.exp((z * Math.sqrt(squares / (n * (n - 1)))) / c);
  return { value, low: value / factor, high: Math.min(Number.MAX_VALUE, value * factor), n };
}
