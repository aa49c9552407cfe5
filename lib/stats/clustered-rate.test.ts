import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { clusteredRate } from "./clustered-rate.ts";
import { wilsonInterval } from "./wilson.ts";

const repeated = (n: number, trials: number[]) => Array.from({ length: n }, () => trials);

test("with one trial a row it is Wilson's interval", () => {
  const found = clusteredRate([...repeated(5, [1]), ...repeated(15, [0])]);
  const { low, high } = wilsonInterval(5, 20);
  expect(found.value).toBe(0.25);
  expect(found.low).toBeCloseTo(low, 12);
  expect(found.high).toBeCloseTo(high, 12);
  expect(found.n).toBe(20);
});

test("repeats that always agree add nothing, repeats of rows that do not differ count in full", () => {
  const agree = clusteredRate([...repeated(5, [1, 1, 1]), ...repeated(15, [0, 0, 0])]);
  expect(agree.low).toBeCloseTo(wilsonInterval(5, 20).low, 12);
  const alike = clusteredRate(repeated(20, [1, 0]));
  expect(alike.low).toBeCloseTo(wilsonInterval(20, 40).low, 12);
  expect(alike.n).toBe(20);
});

test("when all outcomes are equal the interval is that of the rows, not of the trials", () => {
  expect(clusteredRate(repeated(20, [1, 1, 1])).low).toBeCloseTo(wilsonInterval(20, 20).low, 12);
  expect(clusteredRate(repeated(20, [1, 1, 1])).high).toBe(1);
  expect(clusteredRate(repeated(20, [0, 0])).high).toBeCloseTo(wilsonInterval(0, 20).high, 12);
  expect(clusteredRate(repeated(20, [0, 0])).low).toBe(0);
});

test("each row counts once whatever its repeats, and no row is no knowledge", () => {
  expect(clusteredRate([[1, 1, 1, 1], [0]]).value).toBe(0.5);
  expect(clusteredRate([[], [1]]).n).toBe(1);
  expect(clusteredRate([[1]]).low).toBeCloseTo(wilsonInterval(1, 1).low, 12);
  expect(clusteredRate([])).toEqual({ value: 0, low: 0, high: 1, n: 0 });
  expect(() => clusteredRate([[2]])).toThrow(RangeError);
  expect(() => clusteredRate([[Number.NaN]])).toThrow(RangeError);
});

test("it covers the rate of the population in about 95 % of samples of rows", () => {
  const runs = 4_000;
  for (const rows of [20, 60]) {
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const draws = draw(run, "rate", rows);
      const outcomes = Array.from({ length: rows }, () => {
        // Rates of rows are uniform in 0..1, or 0.9 for a third of them: mean 0.6333.
        const rate = draws.chance(1 / 3) ? 0.9 : draws.next();
        return Array.from({ length: 3 }, () => (draws.chance(rate) ? 1 : 0));
      });
      const { low, high } = clusteredRate(outcomes);
      if (low <= 0.3 + 1 / 3 && 0.3 + 1 / 3 <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.935);
    expect(covered / runs).toBeLessThan(0.97);
  }
});
