import type { Estimate } from "#lib/domain/experiment.ts";
import { priorTrials } from "#lib/domain/objective.ts";
import { wilsonInterval } from "../stats/wilson.ts";

/**
 * The success that a search ranks by, with the interval that fits it. The search discounts a measured rate towards the
 * prior as if each row had `priorTrials` more; that map is linear with slope 1 / (1 + priorTrials), so Wilson's interval
 * of the measured rate shrinks by the same slope around the discounted rate.
 */
export function searchEstimate(figures: {
  /** As the search ranks by it, 0..1. */
  rate: number;
  successes: number;
  trials: number;
}): Estimate {
  const { rate, successes, trials } = figures;
  if (trials === 0) return { value: rate, low: 0, high: 1, n: 0 };
  const slope = 1 / (1 + priorTrials);
  const measured = successes / trials;
  const { low, high } = wilsonInterval(successes, trials);
  return {
    value: rate,
    low: Math.max(0, rate - slope * (measured - low)),
    high: Math.min(1, rate + slope * (high - measured)),
    n: trials,
  };
}
