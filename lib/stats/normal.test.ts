import { expect, test } from "vitest";
import { normalCdf, normalDensity, normalQuantile } from "./normal.ts";

test("the distribution function answers the figures of the tables, in the far tail too", () => {
  // Abramowitz & Stegun, tables 26.1 and 26.2, and erfc to 20 digits beyond them.
  const figures: [number, number][] = [
    [0, 0.5],
    [1, 0.841344746068543],
    [-1, 0.158655253931457],
    [1.959963984540054, 0.975],
    [-3, 0.001349898031630095],
    [-5, 2.866515718791e-7],
    [-10, 7.61985302416e-24],
    [-20, 2.753624118606e-89],
    [-37, 5.725571222524e-300],
  ];
  for (const [x, p] of figures) expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-11);
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(() => normalCdf(Number.NaN)).toThrow(RangeError);
});

test("its slope is the density, where the two methods meet too", () => {
  for (let x = -6; x <= 6; x += 0.05) {
    const slope = (normalCdf(x + 1e-4) - normalCdf(x - 1e-4)) / 2e-4;
    expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-8);
  }
});

test("the quantile is the inverse of the distribution function", () => {
  for (const p of [1e-300, 1e-100, 1e-30, 1e-9, 0.0001, 0.01, 0.3, 0.5]) {
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-10);
  }
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
  expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 13);
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(() => normalQuantile(1.1)).toThrow(RangeError);
});
