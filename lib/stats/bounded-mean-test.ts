/**
 * Test of the mean of bounded differences without any symmetry (Gaffke 2005; Learned-Miller & Thomas 2019): each
 * cluster's difference gets a random weight, all weights together uniform on the simplex, and one more cluster has the
 * worst difference there can be, −1. The p-value is the chance that the weighted mean is at most 0.
 *
 * Why beside the sign-flip test: a candidate that is a little better on most rows and much worse on few has mean 0, yet
 * nearly every sign is a plus. The pseudo-cluster stands for the bad row that has not been seen yet. With one trial an
 * arm the two tests are the same, the exact McNemar test: w wins and l losses give P(Beta(w, l + 1) ≤ ½).
 *
 * The p-value is computed from the moment generating function: weights are exponential variables over their sum, and
 * the sum does not change a sign. The inversion integral runs through the saddle point, so that tiny p-values keep
 * their digits.
 */
import { mean } from "./mean.ts";
import type { PairedOutcomes } from "./permutation.ts";

/** Step of the trapezoidal rule after the substitution; the error falls exponentially with its inverse. */
const step = 1 / 16;
const stepsMax = 4_000;

/**
 * One-sided p-value that the candidate is no better in the mean over rows like these, for outcomes within 0..1. Pairs
 * that lack an arm are left out; without a pair that is better p is 1. That it is valid for every bounded distribution
 * is a conjecture which no example is known to break; for two values it is a theorem (Clopper & Pearson 1934). Throws
 * RangeError for an outcome outside 0..1.
 */
export function boundedMeanTest(pairs: readonly PairedOutcomes[]): number {
  const complete = pairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
  const differences = complete.map((pair) => mean(pair.candidate) - mean(pair.baseline));
  if (
    complete.some((pair) => [...pair.baseline, ...pair.candidate].some((v) => !(v >= 0 && v <= 1)))
  )
    throw new RangeError("an outcome lies outside 0..1");
  // A difference of 0 has no part in the sign of the sum.
  const moved = differences.filter((d) => Math.abs(d) > 1e-12);
  if (!moved.some((d) => d > 0)) return 1;
  return Math.min(1, Math.max(chanceBelowZero(grouped([...moved, -1])), Number.MIN_VALUE));
}

interface Group {
  value: number;
  count: number;
}

function grouped(values: readonly number[]): Group[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}

/**
 * P(Σ x·E ≤ 0) for independent standard exponential E: 1/π ∫ Re[e^K(s) / −s] dy along s = c + iy, with K the cumulant
 * generating function −Σ ln(1 − s·x) and −1 < c < 0.
 */
function chanceBelowZero(groups: readonly Group[]): number {
  const c = saddle(groups);
  const scale = width(groups, c);
  let sum = 0;
  let first = 0;
  for (let k = 0; k < stepsMax; k++) {
    const u = k * step;
    const y = scale * Math.sinh(u);
    const { real, size } = integrand(groups, c, y);
    const stretch = scale * Math.cosh(u);
    sum += (k === 0 ? 0.5 : 1) * real * stretch;
    if (k === 0) first = size * stretch;
    else if (size * stretch < 1e-15 * first) break;
  }
  return (sum * step) / Math.PI;
}

/** Real part and absolute value of e^K(s) / −s at s = c + iy. */
function integrand(groups: readonly Group[], c: number, y: number): { real: number; size: number } {
  let logSize = -Math.log(Math.hypot(c, y));
  // −s = −c − iy lies to the right, below the real axis.
  let angle = Math.atan2(y, -c);
  for (const { value, count } of groups) {
    const re = 1 - c * value;
    const im = -y * value;
    logSize -= count * Math.log(Math.hypot(re, im));
    angle -= count * Math.atan2(im, re);
  }
  const size = Math.exp(logSize);
  return { real: size * Math.cos(angle), size };
}

/** The c in (−1, 0) where K(c) − ln(−c) is smallest; its derivative grows from −∞ to ∞. */
function saddle(groups: readonly Group[]): number {
  let [low, high] = [-1, 0];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    let slope = -1 / middle;
    for (const { value, count } of groups) slope += (count * value) / (1 - middle * value);
    if (slope > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Width of the peak at the saddle point: one over the root of the second derivative. */
function width(groups: readonly Group[], c: number): number {
  let curvature = 1 / (c * c);
  for (const { value, count } of groups) curvature += count * (value / (1 - c * value)) ** 2;
  return 1 / Math.sqrt(curvature);
}
