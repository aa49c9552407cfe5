import type { Draws } from "../random.ts";

/** Outcomes of both arms on one benchmark: 0/1 or any score. The unit within which labels are exchangeable. */
export interface PairedOutcomes {
  baseline: readonly number[];
  candidate: readonly number[];
}

const exactMax = 20_000;
const samples = 10_000;

/**
 * One-sided p-value that the candidate is better: arm labels are shuffled within each benchmark, the statistic is the
 * mean of the per-benchmark differences of means (Fisher–Pitman permutation test, stratified). Exact when there are at
 * most 20,000 labellings, else from 10,000 seeded samples with the observed one counted in (Phipson & Smyth 2010).
 */
export function pairedPermutationTest(
  pairs: readonly PairedOutcomes[],
  options: { draws: Draws },
): number {
  const used = pairs.filter((pair) => pair.baseline.length > 0 && pair.candidate.length > 0);
  if (used.length === 0) return 1;
  const observed = sum(used.map(differenceOfMeans));
  // Floating-point sums of the same numbers in another order may differ in the last digit.
  const atLeast = observed - 1e-9;
  const informative = used.filter(
    (pair) => new Set([...pair.baseline, ...pair.candidate]).size > 1,
  );
  const settled = sum(used.filter((pair) => !informative.includes(pair)).map(differenceOfMeans));
  const exact = exactDistribution(informative);
  if (exact !== null) {
    let extreme = 0;
    let total = 0;
    for (const [value, weight] of exact) {
      total += weight;
      if (value + settled >= atLeast) extreme += weight;
    }
    return total === 0 ? 1 : extreme / total;
  }
  let extreme = 1;
  for (let s = 0; s < samples; s++) {
    if (
      settled + sum(informative.map((pair) => shuffledDifference(pair, options.draws))) >=
      atLeast
    )
      extreme++;
  }
  return extreme / (samples + 1);
}

/** All labellings with their multiplicity, when the values are 0/1 and the distinct sums stay few; else null. */
function exactDistribution(pairs: readonly PairedOutcomes[]): [number, number][] | null {
  if (pairs.some((pair) => [...pair.baseline, ...pair.candidate].some((v) => v !== 0 && v !== 1)))
    return null;
  let distribution = new Map<number, number>([[0, 1]]);
  for (const pair of pairs) {
    const b = pair.baseline.length;
    const c = pair.candidate.length;
    const ones = sum(pair.baseline) + sum(pair.candidate);
    const next = new Map<number, number>();
    for (let inCandidate = Math.max(0, ones - b); inCandidate <= Math.min(c, ones); inCandidate++) {
      const difference = inCandidate / c - (ones - inCandidate) / b;
      const weight = choose(c, inCandidate) * choose(b, ones - inCandidate);
      for (const [value, count] of distribution) {
        const key = Math.round((value + difference) * 1e9) / 1e9;
        next.set(key, (next.get(key) ?? 0) + count * weight);
      }
    }
    if (next.size > exactMax) return null;
    distribution = next;
  }
  return [...distribution];
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
