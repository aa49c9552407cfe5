import type { Estimate } from "#lib/domain/experiment.ts";
import { priorTrials } from "#lib/domain/objective.ts";
import { wilsonInterval } from "../../stats/wilson.ts";

/**
 * The success that a search ranks by, with the interval that fits it. The search discounts a measured rate towards the
 * prior as if each of `benchmarks` had `priorTrials` more; that map is linear with slope
 * trials / (trials + priorTrials × benchmarks), so Wilson's interval of the measured rate shrinks by the same slope
 * around the discounted rate.
 */
export function discountedEstimate(figures: {
  discounted: number;
  successes: number;
  trials: number;
  benchmarks: number;
}): Estimate {
  const { discounted, successes, trials, benchmarks } = figures;
  if (trials === 0) return { value: discounted, low: 0, high: 1, n: 0 };
  const slope = trials / (trials + priorTrials * benchmarks);
  const measured = successes / trials;
  const { low, high } = wilsonInterval(successes, trials);
  return {
    value: discounted,
    low: Math.max(0, discounted - slope * (measured - low)),
    high: Math.min(1, discounted + slope * (high - measured)),
    n: trials,
  };
}
