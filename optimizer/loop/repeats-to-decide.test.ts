import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import type { PairedOutcomes } from "#lib/stats/permutation.ts";
import { repeatsToDecide } from "./repeats-to-decide.ts";

const passes = (count: number, of = 5) => Array.from({ length: of }, (_, i) => (i < count ? 1 : 0));
/** Twenty benchmarks; the candidate passes one run more on every `every`th. */
const pairs = (every: number): PairedOutcomes[] =>
  Array.from({ length: 20 }, (_, i) => ({
    baseline: passes(1),
    candidate: passes(i % every === 0 ? 2 : 1),
  }));

test("the smaller the difference, the more repeats; none at all decides for no number of them", () => {
  const at = (every: number) => repeatsToDecide(pairs(every), { repeats: 5, bound: 0 });
  const [large, small] = [at(1), at(2)];
  expect(large).toBeGreaterThan(0);
  expect(small).toBeGreaterThan(large ?? 0);
  expect(repeatsToDecide(pairs(1000).slice(1), { repeats: 5, bound: 0 })).toBeNull();
  expect(repeatsToDecide([], { repeats: 5, bound: 0 })).toBeNull();
});

test("where benchmarks differ more than the whole gain, no number of repeats decides", () => {
  const split = Array.from({ length: 20 }, (_, i) => ({
    baseline: passes(i < 9 ? 5 : 0),
    candidate: passes(i < 9 ? 0 : 5),
  }));
  expect(repeatsToDecide(split, { repeats: 5, bound: 0 })).toBeNull();
});

test("with the repeats that it asks for, at least seven in ten such confirmations reach the level", () => {
  const rates = Array.from({ length: 20 }, (_, i) => ({
    baseline: 0.3,
    candidate: i < 20 ? 0.4 : 0,
  }));
  const seen = rates.map(() => ({ baseline: passes(3, 10), candidate: passes(4, 10) }));
  const total = 10 + (repeatsToDecide(seen, { repeats: 10, bound: 0 }) ?? 0);
  expect(total).toBeGreaterThan(10);
  let decided = 0;
  for (let s = 0; s < 400; s++) {
    const draws = draw("decide", s);
    const differences = rates.map(({ baseline, candidate }) => {
      const rate = (p: number) =>
        Array.from({ length: total }, () => draws.chance(p)).filter(Boolean).length / total;
      return rate(candidate) - rate(baseline);
    });
    const mean = differences.reduce((sum, d) => sum + d, 0) / 20;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 19;
    if (mean > 1.96 * Math.sqrt(variance / 20)) decided++;
  }
  expect(decided / 400).toBeGreaterThan(0.7);
});
