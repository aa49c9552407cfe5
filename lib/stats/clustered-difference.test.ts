import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { clusteredDifference, noFlipBound } from "./clustered-difference.ts";
import type { PairedOutcomes } from "./permutation.ts";

const repeated = (n: number, baseline: number[], candidate: number[]): PairedOutcomes[] =>
  Array.from({ length: n }, () => ({ baseline, candidate }));
const z = 1.959963984540054;

test("with one trial an arm it is the interval of Bonett and Price", () => {
  // Their formula: p12 = (f12 + 1)/(n + 2), p21 likewise, variance (p12 + p21 − (p12 − p21)²)/(n + 2).
  const [wins, losses, n] = [12, 4, 50];
  const [p12, p21] = [(wins + 1) / (n + 2), (losses + 1) / (n + 2)];
  const half = z * Math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2));
  const found = clusteredDifference(
    [...repeated(12, [0], [1]), ...repeated(4, [1], [0]), ...repeated(34, [1], [1])],
    z,
  );
  expect(found.value).toBeCloseTo(8 / 50, 12);
  expect(found.low).toBeCloseTo(p12 - p21 - half, 12);
  expect(found.high).toBeCloseTo(p12 - p21 + half, 12);
  expect(found.n).toBe(50);
});

test("repeats of a row are one cluster, and rows that all agree still have an interval", () => {
  const once = clusteredDifference(repeated(20, [0], [1]), z);
  expect(clusteredDifference(repeated(20, [0, 0, 0], [1, 1]), z)).toEqual(once);
  expect(once.value).toBe(1);
  expect(once.high).toBe(1);
  expect(once.low).toBeLessThan(0.95);
  const equal = clusteredDifference(repeated(20, [1, 0], [0, 1]), z);
  expect(equal.value).toBe(0);
  expect(equal.low).toBeLessThan(-0.05);
  expect(equal.high).toBeGreaterThan(0.05);
});

test("the interval stays within −1..1, holds the value at any z and is the whole range without rows", () => {
  for (const width of [0, 1, 5, 50])
    for (const n of [1, 3, 40]) {
      const found = clusteredDifference(repeated(n, [1], [0]), width);
      expect(found.value).toBe(-1);
      expect(found.low).toBe(-1);
      expect(found.high).toBeGreaterThanOrEqual(-1);
      expect(found.high).toBeLessThanOrEqual(1);
    }
  expect(clusteredDifference(repeated(3, [], [1]), z)).toEqual({
    value: 0,
    low: -1,
    high: 1,
    n: 0,
  });
});

test("it covers the true difference in about 95 % of samples, with few rows and with repeats", () => {
  const runs = 4_000;
  for (const [rows, repeats, gain] of [
    [20, 1, 0],
    [20, 1, 0.3],
    [40, 3, 0.1],
    [120, 2, -0.2],
  ] as const) {
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const draws = draw(run, "coverage", rows, gain);
      const pairs = Array.from({ length: rows }, () => {
        const rate = 0.2 + 0.4 * draws.next();
        const arm = (p: number) => Array.from({ length: repeats }, () => (draws.chance(p) ? 1 : 0));
        return { baseline: arm(rate), candidate: arm(rate + gain) };
      });
      const { low, high } = clusteredDifference(pairs, z);
      if (low <= gain && gain <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.94);
    expect(covered / runs).toBeLessThan(0.985);
  }
});

test("no flip in 40 rows is bounded at 7.2 %, and never called equal", () => {
  expect(noFlipBound(40)).toBeCloseTo(0.0722, 4);
  expect(noFlipBound(59)).toBeLessThan(0.05);
  expect(noFlipBound(58)).toBeGreaterThan(0.05);
  expect(noFlipBound(40, 0.99)).toBeGreaterThan(noFlipBound(40));
  expect(noFlipBound(0)).toBe(1);
  expect(noFlipBound(1e6)).toBeGreaterThan(0);
  expect(() => noFlipBound(-1)).toThrow(RangeError);
  expect(() => noFlipBound(5, 1)).toThrow(RangeError);
});
