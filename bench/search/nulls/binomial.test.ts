import { expect, test } from "vitest";
import { atLeast, upperBound } from "./binomial.ts";

test("the exact upper bound is that of the tables, and the chance that it leaves is 5 %", () => {
  expect(upperBound(0, 59)).toBeCloseTo(0.0495, 4);
  expect(upperBound(0, 20)).toBeCloseTo(1 - 0.05 ** (1 / 20), 6);
  expect(upperBound(5, 100)).toBeCloseTo(0.1023, 3);
  expect(upperBound(7, 7)).toBe(1);
  const most = upperBound(21, 400);
  expect(1 - atLeast(22, 400, most)).toBeCloseTo(0.05, 6);
});

test("the chance of so many errors is the sum of the binomial terms", () => {
  expect(atLeast(0, 10, 0.05)).toBe(1);
  expect(atLeast(1, 10, 0.05)).toBeCloseTo(1 - 0.95 ** 10, 12);
  expect(atLeast(10, 10, 0.5)).toBeCloseTo(0.5 ** 10, 12);
});
