import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { cohenKappa, type RatedItem } from "./kappa.ts";

/** So many items of each kind: both yes, first alone, second alone, both no; each a cluster of its own. */
function items(cells: readonly [number, number, number, number], perCluster = 1): RatedItem[] {
  const kinds = [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const;
  return cells.flatMap((count, kind) =>
    Array.from({ length: count }, (_, k) => ({
      cluster: `${kind}/${Math.floor(k / perCluster)}`,
      first: kinds[kind]?.[0] ?? false,
      second: kinds[kind]?.[1] ?? false,
    })),
  );
}

test("kappa of textbook tables: .40 for 20, 5, 10 and 15 of 50 items, 1 in full agreement, 0 by chance", () => {
  expect(cohenKappa(items([20, 5, 10, 15]), draw(1))?.value).toBeCloseTo(0.4, 12);
  expect(cohenKappa(items([25, 0, 0, 25]), draw(1))?.value).toBe(1);
  expect(cohenKappa(items([25, 25, 25, 25]), draw(1))?.value).toBeCloseTo(0, 12);
  expect(cohenKappa(items([0, 20, 20, 0]), draw(1))?.value).toBe(-1);
});

test("kappa has no value without items and where both raters say the same of all", () => {
  expect(cohenKappa([], draw(1))).toBeNull();
  expect(cohenKappa(items([50, 0, 0, 0]), draw(1))).toBeNull();
  expect(cohenKappa(items([45, 0, 5, 0]), draw(1))?.value).toBe(0);
});

test("the interval holds the value, repeats, and has a width even at full agreement", () => {
  const full = cohenKappa(items([25, 0, 0, 25]), draw(7));
  expect(full?.high).toBe(1);
  expect(full?.low).toBeGreaterThan(0.8);
  expect(full?.low).toBeLessThan(0.92);
  expect(cohenKappa(items([25, 0, 0, 25]), draw(7))).toEqual(full);
  const rare = cohenKappa(items([48, 0, 0, 2]), draw(7));
  expect(rare?.low).toBeLessThan(0.4);
});

test("the lower bound lies above the truth in at most 2.5 % of samples of 50 items, give or take what 120 samples can tell", () => {
  // Judge right in 85 % of either kind, 80 % of answers good.
  const truth = [0.68, 0.12, 0.03, 0.17] as const;
  const byChance = 0.8 * 0.71 + 0.2 * 0.29;
  const kappa = (0.85 - byChance) / (1 - byChance);
  let above = 0;
  for (let s = 0; s < 120; s++) {
    const draws = draw(s, "cells");
    const cells: [number, number, number, number] = [0, 0, 0, 0];
    for (let k = 0; k < 50; k++) {
      const cell = draws.weighted([0, 1, 2, 3], truth);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    if ((cohenKappa(items(cells), draw(s, "posterior"))?.low ?? 0) > kappa) above += 1;
  }
  expect(above / 120).toBeLessThan(0.06);
}, 60_000);

test("answers that err together with others to their question count for less", () => {
  const alone = cohenKappa(items([20, 5, 10, 15]), draw(1));
  const copies = cohenKappa(items([100, 25, 50, 75], 5), draw(1));
  expect(copies?.value).toBeCloseTo(alone?.value ?? 0, 12);
  expect(copies?.effectiveN).toBeLessThan(51);
  expect((copies?.low ?? 1) - (alone?.low ?? 0)).toBeLessThan(0.02);
  const agreed = cohenKappa(items([25, 0, 0, 25], 5), draw(1));
  expect(agreed?.effectiveN).toBe(10);
  expect(agreed?.low).toBeLessThan(0.6);
});
