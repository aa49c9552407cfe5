import fc from "fast-check";
import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { mcnemarExact } from "./mcnemar.ts";
import type { PairedOutcomes } from "./permutation.ts";
import { signFlipTest } from "./sign-flip-test.ts";

const repeated = (n: number, baseline: number[], candidate: number[]): PairedOutcomes[] =>
  Array.from({ length: n }, () => ({ baseline, candidate }));
/** Every sign of every difference, one by one. */
function enumerated(differences: readonly number[]): number {
  const observed = differences.reduce((sum, d) => sum + d, 0);
  let atLeast = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const sum = differences.reduce((s, d, i) => s + ((signs >> i) & 1 ? d : -d), 0);
    if (sum >= observed - 1e-9) atLeast++;
  }
  return atLeast / 2 ** differences.length;
}

test("with one trial an arm the sign-flip test equals the exact McNemar test", () => {
  for (const [wins, losses] of [
    [5, 0],
    [9, 2],
    [13, 5],
    [4, 9],
    [0, 3],
    [120, 80],
  ] as const) {
    const pairs = [
      ...repeated(wins, [0], [1]),
      ...repeated(losses, [1], [0]),
      ...repeated(7, [1], [1]),
    ];
    expect(signFlipTest(pairs)).toBeCloseTo(mcnemarExact(wins, losses), 12);
  }
});

test("it equals the count over all signs, for repeats of unequal number as for scores", () => {
  const outcome = fc.constantFrom(0, 1, 0.5, 0.3, 0.125);
  const arm = fc.array(outcome, { minLength: 1, maxLength: 3 });
  const pairs = fc.array(fc.record({ baseline: arm, candidate: arm }), {
    minLength: 1,
    maxLength: 9,
  });
  const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  fc.assert(
    fc.property(pairs, (list) => {
      const differences = list.map((pair) => mean(pair.candidate) - mean(pair.baseline));
      const differs = differences.some((d) => Math.abs(d) > 1e-12);
      expect(signFlipTest(list)).toBeCloseTo(differs ? enumerated(differences) : 1, 10);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("three repeats of a row are one cluster: equal answers three times prove no more than once", () => {
  const once = [...repeated(6, [0], [1]), ...repeated(1, [1], [0])];
  const thrice = [...repeated(6, [0, 0, 0], [1, 1, 1]), ...repeated(1, [1, 1, 1], [0, 0, 0])];
  expect(signFlipTest(thrice)).toBe(signFlipTest(once));
});

test("differences without a common unit are rounded so that the p-value only grows, and by little", () => {
  const draws = draw(1, "grid");
  for (let run = 0; run < 20; run++) {
    const differences = Array.from({ length: 12 }, () => draws.normal() / 10 + 0.05);
    const p = signFlipTest(differences.map((d) => ({ baseline: [0], candidate: [d] })));
    const exact = enumerated(differences);
    expect(p).toBeGreaterThanOrEqual(exact - 1e-12);
    expect(p).toBeLessThan(exact + 0.005);
  }
});

test("trial counts without a small common multiple are answered, and quickly", () => {
  const pairs = Array.from({ length: 40 }, (_, i) => ({
    baseline: Array.from({ length: 3 + (i % 19) }, (_, k) => (k % 3 === 0 ? 1 : 0)),
    candidate: Array.from({ length: 4 + (i % 23) }, (_, k) => (k % 2 === 0 ? 1 : 0)),
  }));
  const p = signFlipTest(pairs);
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1e-6);
});

test("nothing that differs proves nothing, and neither does a pair that lacks an arm", () => {
  expect(signFlipTest([])).toBe(1);
  expect(signFlipTest(repeated(30, [1, 0], [0, 1]))).toBe(1);
  expect(signFlipTest(repeated(30, [], [1]))).toBe(1);
  expect(signFlipTest(repeated(2_000, [0], [1]))).toBeGreaterThan(0);
  expect(() => signFlipTest(repeated(1, [0], [Number.NaN]))).toThrow(RangeError);
});

test("when a sign is as likely as the other, at most alpha of the tests are significant at alpha", () => {
  const count = { "0.05": 0, "0.01": 0 };
  const runs = 4_000;
  for (let run = 0; run < runs; run++) {
    const draws = draw(run, "size");
    const pairs = Array.from({ length: 30 }, () => {
      const arm = () => Array.from({ length: 3 }, () => (draws.chance(0.4) ? 1 : 0));
      return { baseline: arm(), candidate: arm() };
    });
    const p = signFlipTest(pairs);
    if (p <= 0.05) count["0.05"]++;
    if (p <= 0.01) count["0.01"]++;
  }
  // Three standard errors above the level.
  expect(count["0.05"] / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  expect(count["0.01"] / runs).toBeLessThan(0.01 + 3 * Math.sqrt((0.01 * 0.99) / runs));
  expect(count["0.05"] / runs).toBeGreaterThan(0.03);
});
