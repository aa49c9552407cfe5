/** Pass rates of rows, and edits of them that keep their mean or move it by so much. */
import type { Draws } from "#lib/random.ts";

/** How much the chances of rows differ where repeats differ: the standard deviation of their logits. */
const spread = 1.5;

/** Rates of the rows under the start prompt, whose mean is the rate as far as whole rows allow. */
export function startRates(
  { rate, temperature, size }: { rate: number; temperature: number; size: number },
  draws: Draws,
): Float64Array {
  if (temperature === 0) {
    const passing = Math.round(rate * size);
    const order = draws.shuffle([...Array(size).keys()]);
    return Float64Array.from(order, (place) => (place < passing ? 1 : 0));
  }
  const logits = Array.from({ length: size }, () => spread * draws.normal());
  const at = (centre: number) =>
    Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-(centre + logit))));
  let [low, high] = [-10, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (meanOf(at(middle)) < rate) low = middle;
    else high = middle;
  }
  return at(high);
}

/**
 * Exchanges the rates of rows pair by pair, so that the mean stays. The pairs are of those that `start` passes and those that it fails, or,
 * where rates are chances, of its better and its worse half: so the first swap of the start's rates changes exactly `share` of the rows.
 */
export function swapRates(
  rates: Float64Array,
  { start, share }: { start: Float64Array; share: number },
  draws: Draws,
): void {
  const order = draws.shuffle([...start.keys()]);
  const bound = isSettled(start) ? 0.5 : medianOf(start);
  const count = Math.round((share * start.length) / 2);
  const better = order.filter((row) => (start[row] ?? 0) > bound).slice(0, count);
  const others = order.filter((row) => (start[row] ?? 0) <= bound).slice(0, count);
  for (const [k, row] of better.entries()) {
    const other = others[k];
    if (other === undefined) break;
    [rates[row], rates[other]] = [rates[other] ?? 0, rates[row] ?? 0];
  }
}

export function isSettled(rates: Float64Array): boolean {
  return rates.every((rate) => rate === 0 || rate === 1);
}

/** Takes so many points, 0..1, from the mean: passing rows fail, or every chance falls alike. */
export function lowerRates(rates: Float64Array, points: number, draws: Draws): void {
  const mean = meanOf(rates);
  if (!isSettled(rates)) {
    for (let i = 0; i < rates.length; i++) rates[i] = ((rates[i] ?? 0) * (mean - points)) / mean;
    return;
  }
  const passing = draws.shuffle([...rates.keys()].filter((row) => rates[row] === 1));
  for (const row of passing.slice(0, Math.round(points * rates.length))) rates[row] = 0;
}

function medianOf(rates: Float64Array): number {
  return rates.toSorted()[rates.length >> 1] ?? 0;
}

export function meanOf(rates: Float64Array): number {
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/**
 * Raises rows until the mean is `to`, drawn among those that do not pass: at temperature 0 they pass from then on, otherwise their chance
 * becomes 0.9. As with every real edit some rows are lost: `lost`, a share of all rows, is made up for by as many more that are won.
 */
export function raiseRates(
  rates: Float64Array,
  { to, lost }: { to: number; lost: number },
  draws: Draws,
): void {
  const settled = isSettled(rates);
  lowerRates(rates, lost, draws);
  const best = settled ? 1 : 0.9;
  const order = draws.shuffle([...rates.keys()]).filter((row) => (rates[row] ?? 0) < best);
  let missing = (to - meanOf(rates)) * rates.length;
  for (const row of order) {
    if (missing <= 0 || (settled && missing < 0.5)) break;
    const before = rates[row] ?? 0;
    rates[row] = Math.min(best, before + missing);
    missing -= (rates[row] ?? 0) - before;
    if (settled) rates[row] = 1;
  }
}
