import type { Estimate } from "#lib/domain/experiment.ts";
import { meanInterval } from "#lib/stats/mean-interval.ts";
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
