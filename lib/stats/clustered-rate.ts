import type { Estimate } from "../domain/experiment.ts";
import { mean } from "./mean.ts";
import { wilsonInterval } from "./wilson.ts";

/**
 * Success rate on rows like these, with Wilson's score interval (1927) on the effective sample size (Kish 1965): the
 * number of independent trials that would have the standard error of the cluster means. `outcomes` holds the outcomes
 * within 0..1 of each cluster; each cluster counts once whatever its repeats, empty ones are left out, and n is the
 * number of clusters.
 *
 * The effective size lies between the number of clusters (repeats always agree) and that of trials (rows differ by
 * nothing). When all outcomes are equal nothing tells the two apart, so only clusters count. Throws RangeError for an
 * outcome outside 0..1.
 */
export function clusteredRate(
  outcomes: readonly (readonly number[])[],
  z = 1.959963984540054,
): Estimate {
  const clusters = outcomes.filter((trials) => trials.length > 0);
  const n = clusters.length;
  if (n === 0) return { value: 0, low: 0, high: 1, n };
  if (clusters.some((trials) => trials.some((value) => !(value >= 0 && value <= 1))))
    throw new RangeError("an outcome lies outside 0..1");
  const means = clusters.map(mean);
  const value = mean(means);
  const size = effectiveSize(clusters, means, value);
  // A sum of thirds may exceed the whole by its last digit.
  const successes = Math.min(size, value * size);
  return { value, n, ...wilsonInterval(successes, size, z) };
}

function effectiveSize(
  clusters: readonly (readonly number[])[],
  means: readonly number[],
  value: number,
): number {
  const n = clusters.length;
  const spread = value * (1 - value);
  if (n < 2 || spread <= 1e-12) return n;
  const squares = means.reduce((sum, rate) => sum + (rate - value) ** 2, 0);
  const squaredError = squares / (n * (n - 1));
  const trials = clusters.reduce((sum, cluster) => sum + cluster.length, 0);
  return Math.min(trials, Math.max(n, spread / squaredError));
}
