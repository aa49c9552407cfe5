import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { bestOfEquals } from "./best-of-equals.ts";

const rowsAt = (n: number, passes: number) =>
  Array.from({ length: n }, (_, row) => [row < passes ? 1 : 0]);
const best = (prompts: number, rows: number) =>
  bestOfEquals({
    outcomes: rowsAt(40, 20),
    rowsOf: Array.from({ length: prompts }, () => rows),
    draws: draw(1, "best"),
  });

test("one equal prompt shows the incumbent's rate, and its middle 95 % are those of the binomial", () => {
  const found = best(1, 24);
  expect(found?.mean).toBeCloseTo(0.5, 1);
  expect(Math.abs((found?.mean ?? 0) - 0.5)).toBeLessThan(0.01);
  expect(found?.low).toBeCloseTo(7 / 24, 10);
  expect(found?.high).toBeCloseTo(17 / 24, 10);
});

test("the best of two fair prompts on one row passes three times in four", () => {
  expect(Math.abs((best(2, 1)?.mean ?? 0) - 0.75)).toBeLessThan(0.04);
});

test("more equal prompts show more, and more rows show less", () => {
  const of = (prompts: number, rows: number) => best(prompts, rows)?.mean ?? 0;
  expect(of(14, 24)).toBeGreaterThan(of(3, 24) + 0.05);
  expect(of(14, 24)).toBeGreaterThan(0.62);
  expect(of(14, 120)).toBeLessThan(of(14, 24) - 0.05);
});

test("repeats of the incumbent are resampled within their row, and luck needs noise", () => {
  const sure = { outcomes: [[1, 1], [1]], rowsOf: [6, 12], draws: draw(1) };
  expect(bestOfEquals(sure)).toEqual({ mean: 1, low: 1, high: 1 });
  const repeated = bestOfEquals({ outcomes: [[1, 0], []], rowsOf: [400], draws: draw(2) });
  expect(Math.abs((repeated?.mean ?? 0) - 0.5)).toBeLessThan(0.01);
});

test("equal draws answer the same, and nothing measured answers nothing", () => {
  expect(best(5, 24)).toEqual(best(5, 24));
  expect(bestOfEquals({ outcomes: [[]], rowsOf: [6], draws: draw(1) })).toBeNull();
  expect(bestOfEquals({ outcomes: [[1]], rowsOf: [], draws: draw(1) })).toBeNull();
  expect(() => bestOfEquals({ outcomes: [[1]], rowsOf: [0], draws: draw(1) })).toThrow(RangeError);
});
