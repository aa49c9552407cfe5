/**
 * Sign-flip test on clusters (Fisher 1935; Pitman 1937): if the candidate is no better on rows like these and the
 * difference of a row is as likely to be +x as −x, every pattern of signs is equally likely. One pair is one cluster,
 * whatever its number of trials: repeats of a row sharpen its difference and never count as rows. It answers "on rows
 * like these", where the permutation test answers "on these rows".
 *
 * The null distribution is exact, by dynamic programming over whole numbers. With one trial an arm it is the exact
 * McNemar test. It costs clusters × cells.
 */
import { mean } from "./mean.ts";
import type { PairedOutcomes } from "./permutation.ts";

/** Longest list of sums that is kept. */
const cellsMax = 200_000;
/** Outcomes are whole numbers or have up to three decimals; other scores go to the grid. */
const decimalScales = [1, 10, 100, 1_000];

/**
 * One-sided p-value that the candidate is no better: P(S ≥ observed), S the sum of ±|d| with fair signs and d the
 * difference of the means of a pair. Pairs that lack an arm are left out; without a pair that differs p is 1.
 *
 * When the exact sums would need more than 200,000 cells, the differences are rounded to a grid of 100,000 steps or
 * fewer, gains down and losses up, so that the p-value can only become larger. Throws RangeError for an outcome that
 * is no finite number.
 */
export function signFlipTest(pairs: readonly PairedOutcomes[]): number {
  const complete = pairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
  const differences = complete.map((pair) => {
    const d = mean(pair.candidate) - mean(pair.baseline);
    // Equal means of other sums may differ in the last digits.
    return Math.abs(d) <= 1e-12 ? 0 : d;
  });
  if (differences.some((d) => !Number.isFinite(d)))
    throw new RangeError("an outcome is no finite number");
  if (differences.every((d) => d === 0)) return 1;
  return atLeastObserved(wholeSteps(complete, differences) ?? gridSteps(differences));
}

/** The differences as whole multiples of their common unit; null when there is none that fits the cells. */
function wholeSteps(
  pairs: readonly PairedOutcomes[],
  differences: readonly number[],
): number[] | null {
  const trials = pairs.reduce(
    (multiple, pair) =>
      Math.min(lcm(lcm(multiple, pair.baseline.length), pair.candidate.length), 1e9),
    1,
  );
  for (const decimals of decimalScales) {
    const scale = trials * decimals;
    const steps = differences.map((d) => Math.round(d * scale));
    const whole = differences.every(
      (d, i) => Math.abs(d * scale - (steps[i] ?? 0)) <= 1e-12 * scale,
    );
    if (!whole || scale > 1e9) continue;
    const unit = steps.reduce((divisor, step) => gcd(divisor, Math.abs(step)), 0);
    const reduced = unit > 1 ? steps.map((step) => step / unit) : steps;
    return total(reduced) <= cellsMax ? reduced : null;
  }
  return null;
}

/**
 * P(S ≥ observed) is the chance that the losses whose sign is positive weigh at least as much as the gains whose sign
 * is negative: it grows with every loss and falls with every gain.
 */
function gridSteps(differences: readonly number[]): number[] {
  const unit = differences.reduce((sum, d) => sum + Math.abs(d), 0) / (cellsMax / 2);
  return differences.map((d) => Math.floor(d / unit));
}

/** The chance that the steps with a positive sign sum to at least the observed gains. */
function atLeastObserved(steps: readonly number[]): number {
  const cells = new Float64Array(total(steps) + 1);
  cells[0] = 1;
  let reached = 0;
  let observed = 0;
  for (const step of steps) {
    if (step > 0) observed += step;
    const size = Math.abs(step);
    if (size === 0) continue;
    reached += size;
    for (let at = reached; at >= size; at--)
      cells[at] = ((cells[at] ?? 0) + (cells[at - size] ?? 0)) / 2;
    for (let at = 0; at < size; at++) cells[at] = (cells[at] ?? 0) / 2;
  }
  let p = 0;
  for (let at = cells.length - 1; at >= observed; at--) p += cells[at] ?? 0;
  // More than a thousand wins without a loss leave the range of a double.
  return Math.min(1, Math.max(p, Number.MIN_VALUE));
}

function total(steps: readonly number[]): number {
  return steps.reduce((sum, step) => sum + Math.abs(step), 0);
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

function lcm(a: number, b: number): number {
  return (a / gcd(a, b)) * b;
}
