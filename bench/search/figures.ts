import type { Estimate } from "#lib/domain/experiment.ts";
import { meanInterval } from "#lib/stats/mean-interval.ts";
import { median } from "#lib/stats/quantile.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Mean of values that belong to seeds, with its normal interval at 95 %: for differences paired by seed. */
export function intervalOf(values: readonly number[]): Estimate {
  const sum = values.reduce((total, value) => total + value, 0);
  const sumOfSquares = values.reduce((total, value) => total + value * value, 0);
  return meanInterval({ n: values.length, sum, sumOfSquares });
}

/** Median of values that belong to seeds, with how many of them lie above and below 0. */
export interface PairedMedian extends Estimate {
  above: number;
  below: number;
}

/**
 * The interval is the one of the sign test (order statistics; Conover, Practical Nonparametric Statistics, 3.2): it holds
 * whatever the distribution. It covers at least 95 %; below 6 values no interval does, and it is their whole range.
 */
export function medianInterval(values: readonly number[]): PairedMedian {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // Largest number of values outside on each side that chance exceeds in at most 2.5 % of samples.
  let outside = 0;
  let [binomial, below] = [0.5 ** n, 0];
  for (let k = 0; k < n / 2; k++) {
    below += binomial;
    if (below > 0.025) break;
    outside = k;
    binomial *= (n - k) / (k + 1);
  }
  return {
    n,
    value: median(sorted),
    low: sorted[outside] ?? Number.NaN,
    high: sorted[n - 1 - outside] ?? Number.NaN,
    above: values.filter((value) => value > 0).length,
    below: values.filter((value) => value < 0).length,
  };
}

/** A share of so many, with Wilson's interval at 95 %. */
export interface Rate {
  rate: number;
  low: number;
  high: number;
  count: number;
  n: number;
}

export function rateOf(outcomes: readonly boolean[]): Rate {
  const n = outcomes.length;
  const count = outcomes.filter(Boolean).length;
  if (n === 0) return { rate: 0, low: 0, high: 1, count, n };
  return { rate: count / n, ...wilsonInterval(count, n), count, n };
}
