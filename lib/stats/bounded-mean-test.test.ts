import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { boundedMeanTest } from "./bounded-mean-test.ts";
import { mcnemarExact } from "./mcnemar.ts";
import type { PairedOutcomes } from "./permutation.ts";
import { signFlipTest } from "./sign-flip-test.ts";

const repeated = (n: number, baseline: number[], candidate: number[]): PairedOutcomes[] =>
  Array.from({ length: n }, () => ({ baseline, candidate }));
/** A pair whose outcomes lie within 0..1 and differ by d. */
const differing = (d: number) => ({
  baseline: [Math.max(0, -d)],
  candidate: [Math.max(0, d)],
});

test("with one trial an arm it is the exact McNemar test, to the last digits", () => {
  for (const [wins, losses] of [
    [1, 0],
    [5, 0],
    [9, 2],
    [4, 9],
    [40, 0],
    [60, 3],
    [120, 80],
  ] as const) {
    const pairs = [...repeated(wins, [0], [1]), ...repeated(losses, [1], [0])];
    expect(Math.abs(boundedMeanTest(pairs) / mcnemarExact(wins, losses) - 1)).toBeLessThan(1e-11);
    expect(boundedMeanTest([...pairs, ...repeated(9, [1], [1])])).toBe(boundedMeanTest(pairs));
  }
});

test("it is the chance of random weights, drawn one by one", () => {
  const differences = [0.3, 0.3, -0.2, 0.5, 0.1, -0.4, 1, 0.25];
  const draws = draw(1, "weights");
  const runs = 200_000;
  let below = 0;
  for (let run = 0; run < runs; run++) {
    const sum = [...differences, -1].reduce(
      (total, d) => total - d * Math.log(1 - draws.next()),
      0,
    );
    if (sum <= 0) below++;
  }
  const p = boundedMeanTest(differences.map(differing));
  expect(Math.abs(p - below / runs)).toBeLessThan(0.004);
});

test("small gains without a loss prove little, because one bad row may not have been seen", () => {
  // 0.1 on all of twenty rows: the unseen row outweighs them with probability (1/1.1)^20.
  const pairs = Array.from({ length: 20 }, () => differing(0.1));
  expect(boundedMeanTest(pairs)).toBeCloseTo(1.1 ** -20, 12);
  expect(signFlipTest(pairs)).toBeLessThan(1e-5);
});

test("p falls with every gain and rises with every loss", () => {
  const base = [0.2, 0.4, -0.3, 0.6, 0, 0.1];
  const p = boundedMeanTest(base.map(differing));
  expect(boundedMeanTest([...base, 0.2].map(differing))).toBeLessThan(p);
  expect(boundedMeanTest([...base, -0.2].map(differing))).toBeGreaterThan(p);
  expect(boundedMeanTest(base.map((d) => differing(d === 0.6 ? 0.7 : d)))).toBeLessThan(p);
});

test("without a better row, without rows and without an arm p is 1; foreign outcomes are refused", () => {
  expect(boundedMeanTest([])).toBe(1);
  expect(boundedMeanTest(repeated(5, [1], [0]))).toBe(1);
  expect(boundedMeanTest(repeated(5, [1, 0], [0, 1]))).toBe(1);
  expect(boundedMeanTest(repeated(5, [], [1]))).toBe(1);
  expect(() => boundedMeanTest(repeated(5, [0], [1.5]))).toThrow(RangeError);
});

test("a thousand rows with as many different values are answered", () => {
  const draws = draw(2, "many");
  const p = boundedMeanTest(Array.from({ length: 1_000 }, () => differing(draws.next() - 0.4)));
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1e-15);
});

test("equal means with a rare large loss are called better in at most 5 %, where signs are fooled", () => {
  const runs = 1_000;
  let fooled = 0;
  for (const [rows, gain, share] of [
    [20, 0.1, 0.1],
    [40, 0.1, 0.1],
    [40, 0.05, 0.05],
    [120, 0.2, 0.2],
  ] as const) {
    const called = { bounded: 0, signs: 0 };
    for (let run = 0; run < runs; run++) {
      const draws = draw(run, "skewed", rows, gain);
      const pairs = Array.from({ length: rows }, () =>
        differing(draws.chance(share) ? gain - 1 : gain),
      );
      if (boundedMeanTest(pairs) <= 0.05) called.bounded++;
      if (signFlipTest(pairs) <= 0.05) called.signs++;
    }
    expect(called.bounded / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    fooled = Math.max(fooled, called.signs / runs);
  }
  expect(fooled).toBeGreaterThan(0.1);
}, 60_000);
