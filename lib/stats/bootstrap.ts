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
  const statistic = (sample: readonly PairedOutcomes[]) =>
    mean(sample.map((pair) => mean(pair.candidate) - mean(pair.baseline)));
  return interval(complete(pairs), statistic, options, { value: 0, low: -1, high: 1, n: 0 });
}

/**
 * Ratio of the mean over all benchmarks, candidate over baseline, with its interval; for costs and latencies, which
 * are ≥ 0. Two arms that cost nothing have ratio 1; any cost over none is the largest finite number.
 */
export function pairedRatioInterval(
  pairs: readonly PairedOutcomes[],
  options: BootstrapOptions,
): Estimate {
  const statistic = (sample: readonly PairedOutcomes[]) => {
    const candidate = mean(sample.map((pair) => mean(pair.candidate)));
    const baseline = mean(sample.map((pair) => mean(pair.baseline)));
    return candidate === baseline ? 1 : Math.min(Number.MAX_VALUE, candidate / baseline);
  };
  return interval(complete(pairs), statistic, options, {
    value: 1,
    low: 0,
    high: Number.MAX_VALUE,
    n: 0,
  });
}

function interval(
  pairs: readonly PairedOutcomes[],
  statistic: (sample: readonly PairedOutcomes[]) => number,
  { draws, resamples = 2_000, level = 0.95 }: BootstrapOptions,
  empty: Estimate,
): Estimate {
  if (pairs.length === 0) return empty;
  const values = Array.from({ length: resamples }, () =>
    statistic(
      pairs.map(() => {
        const pair = draws.pick(pairs);
        return {
          baseline: resample(pair.baseline, draws),
          candidate: resample(pair.candidate, draws),
        };
      }),
    ),
  ).sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return {
    value: statistic(pairs),
    low: quantile(values, tail),
    high: quantile(values, 1 - tail),
    n: pairs.length,
  };
}

function complete(pairs: readonly PairedOutcomes[]): PairedOutcomes[] {
  return pairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
}

function resample(values: readonly number[], draws: Draws): number[] {
  return values.map(() => draws.pick(values));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
