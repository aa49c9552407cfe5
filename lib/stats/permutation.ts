import type { Draws } from "../random.ts";

/** Outcomes of both arms on one benchmark: 0/1 or any score. The unit within which labels are exchangeable. */
export interface PairedOutcomes {
  baseline: readonly number[];
  candidate: readonly number[];
}

const exactSumsMax = 20_000;
const exactScaleMax = 1_000_000;
const samples = 10_000;

/**
 * One-sided p-value that the candidate is better: arm labels are shuffled within each benchmark, the statistic is the
 * sum of the per-benchmark differences of means (Fisher–Pitman permutation test, stratified). Exact for outcomes 0/1
 * as long as the statistic takes at most 20,000 values, else from 10,000 seeded samples with the observed one counted
 * in (Phipson & Smyth 2010). Benchmarks that lack an arm are left out; without any p is 1.
 */
export function pairedPermutationTest(
  pairs: readonly PairedOutcomes[],
  options: { draws: Draws },
): number {
  // A benchmark with all outcomes equal differs by 0 under every labelling.
  const informative = pairs.filter(
    ({ baseline, candidate }) =>
      baseline.length > 0 && candidate.length > 0 && new Set([...baseline, ...candidate]).size > 1,
  );
  if (informative.length === 0) return 1;
  return exactPValue(informative) ?? sampledPValue(informative, options.draws);
}

/**
 * The whole distribution of the statistic, benchmark by benchmark. Differences are whole multiples of one over the
 * least common multiple of the repeats, so sums are exact and ties with the observed one are seen. Null when the
 * outcomes are not 0/1 or the sums too many.
 */
function exactPValue(pairs: readonly PairedOutcomes[]): number | null {
  const outcomes = pairs.flatMap((pair) => [...pair.baseline, ...pair.candidate]);
  if (outcomes.some((value) => value !== 0 && value !== 1)) return null;
  const scale = pairs.reduce(
    (multiple, pair) => lcm(lcm(multiple, pair.baseline.length), pair.candidate.length),
    1,
  );
  if (scale > exactScaleMax) return null;
  let observed = 0;
  let distribution = new Map<number, number>([[0, 1]]);
  for (const pair of pairs) {
    const b = pair.baseline.length;
    const c = pair.candidate.length;
    const ones = sum(pair.baseline) + sum(pair.candidate);
    const scaled = (inCandidate: number) =>
      inCandidate * (scale / c) - (ones - inCandidate) * (scale / b);
    observed += scaled(sum(pair.candidate));
    const next = new Map<number, number>();
    for (let inCandidate = Math.max(0, ones - b); inCandidate <= Math.min(c, ones); inCandidate++) {
      const chance = (choose(c, inCandidate) * choose(b, ones - inCandidate)) / choose(b + c, ones);
      for (const [value, before] of distribution) {
        const key = value + scaled(inCandidate);
        next.set(key, (next.get(key) ?? 0) + before * chance);
      }
    }
    if (next.size > exactSumsMax) return null;
    distribution = next;
  }
  let p = 0;
  for (const [value, chance] of distribution) if (value >= observed) p += chance;
  return Math.min(1, p);
}

function sampledPValue(pairs: readonly PairedOutcomes[], draws: Draws): number {
  const observed = sum(pairs.map(differenceOfMeans));
  // Sums of the same numbers in another order may differ in the last digits.
  const atLeast = observed - 1e-9 * Math.max(1, Math.abs(observed));
  let extreme = 1;
  for (let s = 0; s < samples; s++) {
    if (sum(pairs.map((pair) => shuffledDifference(pair, draws))) >= atLeast) extreme++;
  }
  return extreme / (samples + 1);
}

function shuffledDifference(pair: PairedOutcomes, draws: Draws): number {
  const all = draws.shuffle([...pair.baseline, ...pair.candidate]);
  const n = pair.baseline.length;
  return differenceOfMeans({ baseline: all.slice(0, n), candidate: all.slice(n) });
}

function differenceOfMeans(pair: PairedOutcomes): number {
  return sum(pair.candidate) / pair.candidate.length - sum(pair.baseline) / pair.baseline.length;
}

function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

function lcm(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
