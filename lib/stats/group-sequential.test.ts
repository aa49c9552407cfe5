import { expect, test } from "vitest";
import { draw } from "../random.ts";
import {
  conditionalPower,
  sequentialBounds,
  sequentialPower,
  spentAlpha,
} from "./group-sequential.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

const equalLooks = (looks: number) => Array.from({ length: looks }, (_, i) => (i + 1) / looks);

test("the bounds are the published ones of O'Brien-Fleming spending at 2.5 % one-sided", () => {
  const published = {
    1: [1.96],
    3: [3.7103, 2.5114, 1.993],
    4: [4.3326, 2.9631, 2.359, 2.0141],
    5: [4.8769, 3.3569, 2.6803, 2.2898, 2.031],
  };
  for (const [looks, bounds] of Object.entries(published)) {
    const found = sequentialBounds({ alpha: 0.025, fractions: equalLooks(Number(looks)) });
    expect(found).toHaveLength(bounds.length);
    for (const [i, bound] of bounds.entries())
      expect(Math.abs((found[i] ?? 0) - bound)).toBeLessThan(1.2e-4);
  }
});

test("they are those of an integration by another rule and another grid, to six digits", () => {
  // Midpoint rule on 1,500 points of Brownian motion, written apart from this code.
  const independent = [4.332633646, 2.963131643, 2.359044869, 2.014091177];
  const found = sequentialBounds({ alpha: 0.025, fractions: equalLooks(4) });
  for (const [i, bound] of independent.entries())
    expect(Math.abs((found[i] ?? 0) - bound)).toBeLessThan(2e-6);
});

test("without a drift the chance to cross is alpha, at tiny levels, unequal and late looks too", () => {
  for (const alpha of [0.05, 0.025, 0.004, 0.0002, 1e-7]) {
    for (const fractions of [[1], equalLooks(4), [0.1, 0.35, 0.9, 1], [0.5, 0.51, 1], [0.01, 1]]) {
      const { power, expectedFraction } = sequentialPower({ alpha, fractions }, 0);
      expect(Math.abs(power / alpha - 1)).toBeLessThan(1e-4);
      expect(expectedFraction).toBeLessThanOrEqual(1);
      expect(expectedFraction).toBeGreaterThan(1 - alpha);
    }
  }
});

test("every bound falls as alpha grows, so that a smaller level never claims what a larger one does not", () => {
  const alphas = [0.0002, 0.0008, 0.0025, 0.004, 0.0083, 0.025, 0.0333, 0.05];
  for (const fractions of [equalLooks(4), equalLooks(5), [0.25, 0.6, 1], [0.1, 0.35, 0.9, 1]]) {
    const bounds = alphas.map((alpha) => sequentialBounds({ alpha, fractions }));
    for (let i = 1; i < bounds.length; i++)
      for (const [look, bound] of (bounds[i] ?? []).entries())
        expect(bound).toBeLessThan(bounds[i - 1]?.[look] ?? 0);
  }
});

test("the first look and a single look have closed forms, and the spending ends at alpha", () => {
  const [first = 0] = sequentialBounds({ alpha: 0.05, fractions: [0.2, 1] });
  expect(normalCdf(-first)).toBeCloseTo(spentAlpha(0.05, 0.2), 14);
  expect(spentAlpha(0.05, 1)).toBeCloseTo(0.05, 14);
  expect(sequentialBounds({ alpha: 0.01, fractions: [1] })[0]).toBeCloseTo(
    -normalQuantile(0.01),
    10,
  );
  const single = sequentialPower({ alpha: 0.025, fractions: [1] }, 2.8016);
  expect(single.power).toBeCloseTo(0.8, 4);
  expect(single.expectedFraction).toBe(1);
});

test("power and expected information are those of simulated paths", () => {
  const design = { alpha: 0.025, fractions: [0.3, 0.5, 0.8, 1] };
  const bounds = sequentialBounds(design);
  const runs = 20_000;
  for (const drift of [1, 3]) {
    const draws = draw(drift, "paths");
    let crossed = 0;
    let used = 0;
    for (let run = 0; run < runs; run++) {
      let position = 0;
      let before = 0;
      let at = 1;
      for (const [look, fraction] of design.fractions.entries()) {
        position += drift * (fraction - before) + Math.sqrt(fraction - before) * draws.normal();
        before = fraction;
        if (position / Math.sqrt(fraction) < (bounds[look] ?? 0)) continue;
        crossed++;
        at = fraction;
        break;
      }
      used += at;
    }
    const { power, expectedFraction } = sequentialPower(design, drift);
    expect(Math.abs(power - crossed / runs)).toBeLessThan(0.012);
    expect(Math.abs(expectedFraction - used / runs)).toBeLessThan(0.006);
  }
});

test("power grows with the drift and survives drifts far beyond the bounds", () => {
  const design = { alpha: 0.025, fractions: equalLooks(4) };
  const powers = [-3, 0, 1, 2, 3, 4, 6, 12, 60].map((drift) => sequentialPower(design, drift));
  for (let i = 1; i < powers.length; i++)
    expect(powers[i]?.power).toBeGreaterThanOrEqual((powers[i - 1]?.power ?? 1) - 1e-9);
  expect(powers.at(-1)?.power).toBeCloseTo(1, 8);
  expect(powers.at(-1)?.expectedFraction).toBeCloseTo(0.25, 6);
});

test("conditional power is the chance of the rest of the path", () => {
  // Half way at z = 1 with a drift of 2: the rest must bring 1.96 − 0.7071, and brings 1 ± √0.5.
  const state = { z: 1, fraction: 0.5, drift: 2, finalBound: 1.96 };
  const rest = (1.96 - Math.SQRT1_2 - 1) / Math.SQRT1_2;
  expect(conditionalPower(state)).toBeCloseTo(normalCdf(-rest), 12);
  expect(conditionalPower({ ...state, fraction: 0, drift: 1.96 })).toBeCloseTo(0.5, 12);
  expect(conditionalPower({ ...state, fraction: 1, z: 1.97 })).toBe(1);
  expect(conditionalPower({ ...state, fraction: 1, z: 1.95 })).toBe(0);
  expect(() => conditionalPower({ ...state, fraction: 1.2 })).toThrow(RangeError);
});

test("a design that is none is refused", () => {
  for (const fractions of [[], [0.5], [0.5, 0.5, 1], [0, 1], [-0.2, 1], [0.8, 0.4, 1], [0.5, 1.1]])
    expect(() => sequentialBounds({ alpha: 0.05, fractions })).toThrow(RangeError);
  for (const alpha of [0, 1, -0.1, Number.NaN])
    expect(() => sequentialBounds({ alpha, fractions: [1] })).toThrow(RangeError);
  expect(() => sequentialPower({ alpha: 0.05, fractions: [1] }, Number.NaN)).toThrow(RangeError);
});
