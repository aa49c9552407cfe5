import { expect, test } from "vitest";
import { draw } from "../random.ts";
import type { PairedOutcomes } from "./permutation.ts";
import { ratioOfMeans } from "./ratio-of-means.ts";

const z = 1.959963984540054;
const repeated = (n: number, baseline: number[], candidate: number[]): PairedOutcomes[] =>
  Array.from({ length: n }, () => ({ baseline, candidate }));

test("a candidate that costs the same share on every row has a ratio without width", () => {
  const pairs = [1, 5, 20].map((cost) => ({ baseline: [cost], candidate: [cost * 0.7] }));
  const { value, low, high, n } = ratioOfMeans(pairs, z);
  for (const figure of [value, low, high]) expect(figure).toBeCloseTo(0.7, 12);
  expect(n).toBe(3);
});

test("the interval is the delta method's on the logarithm", () => {
  // b = 1, 3; c = 2, 2: ratio 1, residuals 1 and −1, standard error √(2/(2·1)) over a mean of 2.
  const { value, low, high } = ratioOfMeans(
    [
      { baseline: [1], candidate: [1, 3] },
      { baseline: [3, 3], candidate: [2] },
    ],
    z,
  );
  expect(value).toBe(1);
  expect(high).toBeCloseTo(Math.exp(z / 2), 12);
  expect(low).toBeCloseTo(Math.exp(-z / 2), 12);
});

test("free arms are ratio 1 among themselves, and any cost over none is the largest number", () => {
  expect(ratioOfMeans(repeated(5, [0], [0]), z)).toEqual({ value: 1, low: 1, high: 1, n: 5 });
  const costly = { value: Number.MAX_VALUE, low: 1, high: Number.MAX_VALUE, n: 5 };
  expect(ratioOfMeans(repeated(5, [0], [3]), z)).toEqual(costly);
  expect(ratioOfMeans(repeated(5, [3], [0]), z)).toEqual({ value: 0, low: 0, high: 0, n: 5 });
});

test("one row or none decides nothing", () => {
  const whole = { low: 0, high: Number.MAX_VALUE };
  expect(ratioOfMeans(repeated(1, [2], [1]), z)).toEqual({ value: 0.5, ...whole, n: 1 });
  expect(ratioOfMeans(repeated(1, [0], [0]), z)).toEqual({ value: 1, ...whole, n: 1 });
  expect(ratioOfMeans(repeated(4, [], [1]), z)).toEqual({ value: 1, ...whole, n: 0 });
  expect(() => ratioOfMeans(repeated(4, [-1], [1]), z)).toThrow(RangeError);
  expect(() => ratioOfMeans(repeated(4, [Number.NaN], [1]), z)).toThrow(RangeError);
});

test("an enormous interval stays finite", () => {
  const { high, low } = ratioOfMeans(
    [...repeated(1, [1e-300], [1e300]), ...repeated(1, [1], [1e-300])],
    1_000,
  );
  expect(high).toBe(Number.MAX_VALUE);
  expect(low).toBeGreaterThanOrEqual(0);
});

test("it covers the true ratio in about 95 % of samples of 40 rows, skewed costs included", () => {
  const runs = 4_000;
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const draws = draw(run, "ratio");
    const pairs = Array.from({ length: 40 }, () => {
      const size = Math.exp(draws.normal() * 0.7);
      const arm = (factor: number) => [0, 1].map(() => size * factor * (0.7 + 0.6 * draws.next()));
      return { baseline: arm(1), candidate: arm(0.8) };
    });
    const { low, high } = ratioOfMeans(pairs, z);
    if (low <= 0.8 && 0.8 <= high) covered++;
  }
  expect(covered / runs).toBeGreaterThan(0.925);
  expect(covered / runs).toBeLessThan(0.965);
});
