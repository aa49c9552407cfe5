/**
 * Paired bootstrap over benchmarks (Efron & Tibshirani 1993): benchmarks are resampled with replacement, then the
 * repeats within each, and the percentiles of the statistic are its interval. It answers "on benchmarks like these",
 * where the permutation test answers "on these".
 */
import type { Estimate } from "../domain/experiment.ts";
import type { Draws } from "../random.ts";
import type { PairedOutcomes } from "./permutation.ts";
import { quantile } from "./quantile.ts";

export interface BootstrapOptions {
  draws: Draws;
  /** Number of resamples; 2,000 by default. */
  resamples?: number;
  /** Two-sided level; 0.95 by default. */
  level?: number;
}

/** Mean over benchmarks of (candidate mean − baseline mean), with its interval; n is the number of benchmarks. */
export function pairedDifferenceInterval(
  pairs: readonly PairedOutcomes[],
  options: BootstrapOptions,
): Estimate {
  return interval(pairs, (baseline, candidate) => candidate - baseline, options, {
    value: 0,
    low: -1,
    high: 1,
    n: 0,
  });
}

/**
 * Ratio of the mean over all benchmarks, candidate over baseline, with its interval; for costs and latencies, which
 * are ≥ 0. Two arms that cost nothing have ratio 1; any cost over none is the largest finite number.
 */
export function pairedRatioInterval(
  pairs: readonly PairedOutcomes[],
  options: BootstrapOptions,
): Estimate {
  const ratio = (baseline: number, candidate: number) =>
    candidate === baseline ? 1 : Math.min(Number.MAX_VALUE, candidate / baseline);
  return interval(pairs, ratio, options, { value: 1, low: 0, high: Number.MAX_VALUE, n: 0 });
}

/** `statistic` of the means over benchmarks of both arms, with its percentile interval. */
function interval(
  allPairs: readonly PairedOutcomes[],
  statistic: (baseline: number, candidate: number) => number,
  { draws, resamples = 2_000, level = 0.95 }: BootstrapOptions,
  empty: Estimate,
): Estimate {
  const pairs = allPairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
  const n = pairs.length;
  if (n === 0) return empty;
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let baseline = 0;
    let candidate = 0;
    for (let i = 0; i < n; i++) {
      const pair = draws.pick(pairs);
      baseline += resampledMean(pair.baseline, draws);
      candidate += resampledMean(pair.candidate, draws);
    }
    values.push(statistic(baseline / n, candidate / n));
  }
  values.sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return {
    value: statistic(
      mean(pairs.map((pair) => mean(pair.baseline))),
      mean(pairs.map((pair) => mean(pair.candidate))),
    ),
    low: quantile(values, tail),
    high: quantile(values, 1 - tail),
    n,
  };
}

function resampledMean(values: readonly number[], draws: Draws): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += draws.pick(values);
  return sum / values.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
