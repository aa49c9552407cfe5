import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { boundedMeanTest } from "./bounded-mean-test.ts";
import { flipPower } from "./flip-power.ts";
import { sequentialBounds } from "./group-sequential.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { normalCdf } from "./normal.ts";
import {
  gainPower,
  rowsForGain,
  smallestExcludedDrop,
  smallestProvableGain,
} from "./provable-gain.ts";
import { signFlipTest } from "./sign-flip-test.ts";

const design = { alpha: 0.05, fractions: [0.25, 0.5, 0.75, 1] };
const half = { repeats: 1, todayRate: 0.5, design };

interface World {
  rows: number;
  repeats: number;
  gain: number;
  discordance: number;
  within: number;
  skewGuard: boolean;
}

/** Share of simulated proofs that reject: the test itself, row by row, at four looks. */
function simulatedPower(world: World, runs: number): number {
  const { rows, repeats, gain, discordance, within, skewGuard } = world;
  const levels = sequentialBounds(design).map((bound) => normalCdf(-bound));
  // Two repeats share their draw with probability 1 − within, which is their correlation.
  const shared = Math.sqrt(1 - within);
  let proven = 0;
  for (let run = 0; run < runs; run++) {
    const draws = draw(run, "power", rows, repeats, gain, discordance, within);
    const change = () => {
      const u = draws.next();
      if (u < (discordance + gain) / 2) return 1;
      return u < discordance ? -1 : 0;
    };
    const pairs = Array.from({ length: rows }, () => {
      const own = change();
      const changes = Array.from({ length: repeats }, () =>
        draws.chance(shared) ? own : change(),
      );
      return {
        baseline: changes.map((d) => (d < 0 ? 1 : 0)),
        candidate: changes.map((d) => (d > 0 ? 1 : 0)),
      };
    });
    const rejects = design.fractions.some((fraction, look) => {
      const seen = pairs.slice(0, Math.round(fraction * rows));
      const level = levels[look] ?? 0;
      return signFlipTest(seen) <= level && (!skewGuard || boundedMeanTest(seen) <= level);
    });
    if (rejects) proven++;
  }
  return proven / runs;
}

test("the power is that of simulated proofs within 3 points, at 40 and 120 rows with one observation a row", () => {
  for (const [rows, gain, discordance] of [
    [40, 0.15, 0.3],
    [40, 0.3, 0.5],
    [40, 0.2, 0.2],
    [120, 0.1, 0.3],
    [120, 0.15, 0.5],
  ] as const) {
    const world = { rows, repeats: 1, gain, discordance, within: 0.5, skewGuard: false };
    const power = gainPower({ ...half, ...world });
    expect(Math.abs(power - simulatedPower(world, 1_500))).toBeLessThan(0.03);
  }
}, 60_000);

test("with repeats that differ the normal model promises at most 3 points too much, and little too little", () => {
  for (const [rows, repeats, gain] of [
    [40, 3, 0.15],
    [120, 3, 0.1],
    [200, 1, 0.1],
  ] as const)
    for (const skewGuard of [false, true]) {
      const world = { rows, repeats, gain, discordance: 0.3, within: 0.5, skewGuard };
      const error = gainPower({ ...half, ...world }) - simulatedPower(world, 1_000);
      expect(error).toBeLessThan(0.03);
      expect(error).toBeGreaterThan(rows < 100 ? -0.07 : -0.04);
    }
}, 60_000);

test("the exact power of one look is the sum over all counts of wins and losses", () => {
  const [rows, win, loss] = [24, 0.4, 0.1];
  const bound = 1.7;
  let expected = 0;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  for (let wins = 0; wins <= rows; wins++)
    for (let losses = 0; losses <= rows - wins; losses++) {
      const same = rows - wins - losses;
      const ways = factorial(rows) / factorial(wins) / factorial(losses) / factorial(same);
      if (mcnemarExact(wins, losses) <= normalCdf(-bound))
        expected += ways * win ** wins * loss ** losses * (1 - win - loss) ** same;
    }
  expect(flipPower({ win, loss, looks: [rows], bounds: [bound] })).toBeCloseTo(expected, 10);
});

test("a proof of no gain succeeds in at most alpha of the cases, in the model too", () => {
  for (const rows of [20, 40, 88, 120, 161, 400])
    for (const discordance of [0, 0.15, 0.3, 0.5, 1])
      expect(gainPower({ ...half, rows, gain: 0, discordance })).toBeLessThanOrEqual(0.05);
});

test("the smallest provable gain has the wanted power, and shrinks with rows, repeats and a larger level", () => {
  const gains = [20, 40, 88, 120, 160, 161, 240, 1_000].map((rows) => {
    const gain = smallestProvableGain({ ...half, rows });
    if (gain === null) throw new Error("at a rate of 50 % twenty rows can prove something");
    expect(gainPower({ ...half, rows, gain })).toBeGreaterThanOrEqual(0.8);
    expect(gainPower({ ...half, rows, gain: gain - 0.02 })).toBeLessThan(0.8);
    return gain;
  });
  for (let i = 1; i < gains.length; i++) expect(gains[i]).toBeLessThan((gains[i - 1] ?? 0) + 0.002);
  const repeated = smallestProvableGain({ ...half, rows: 40, repeats: 5 });
  expect(repeated).toBeLessThan(gains[1] ?? 0);
  const strict = smallestProvableGain({ ...half, rows: 40, design: { ...design, alpha: 0.004 } });
  expect(strict).toBeGreaterThan(gains[1] ?? 1);
});

test("below 20 rows, and where today's rate leaves too little room, nothing can be proven", () => {
  expect(smallestProvableGain({ ...half, rows: 19 })).toBeNull();
  expect(gainPower({ ...half, rows: 19, gain: 0.5 })).toBe(0);
  expect(smallestExcludedDrop({ rows: 19, design })).toBeNull();
  expect(smallestProvableGain({ ...half, todayRate: 0.95, rows: 40 })).toBeNull();
  expect(smallestProvableGain({ ...half, todayRate: 1, rows: 400 })).toBeNull();
  expect(rowsForGain({ ...half, todayRate: 0.9, gain: 0.2 })).toBeNull();
  expect(rowsForGain({ ...half, gain: 0.0005 })).toBeNull();
});

test("the rows for a gain prove it, and half of them do not", () => {
  for (const gain of [0.02, 0.1, 0.2, 0.4]) {
    const rows = rowsForGain({ ...half, gain }) ?? 0;
    expect(gainPower({ ...half, rows, gain })).toBeGreaterThanOrEqual(0.8);
    if (rows > 40)
      expect(gainPower({ ...half, rows: Math.floor(rows / 2), gain })).toBeLessThan(0.8);
  }
});

test("at 10 % discordant rows about 250 rows exclude a drop of 5 points", () => {
  const single = { discordance: 0.1, design: { alpha: 0.05, fractions: [1] } };
  expect(smallestExcludedDrop({ ...single, rows: 230 })).toBeGreaterThan(0.05);
  expect(smallestExcludedDrop({ ...single, rows: 280 })).toBeLessThan(0.05);
  // Four looks cost little; repeats that differ help; rows that never change are still no proof of equality.
  expect(smallestExcludedDrop({ ...single, design, rows: 230 })).toBeLessThan(0.06);
  expect(smallestExcludedDrop({ ...single, rows: 230, repeats: 3 })).toBeLessThan(0.05);
  expect(smallestExcludedDrop({ ...single, discordance: 0, rows: 40 })).toBeGreaterThan(0.05);
});

test("a model that cannot be is refused", () => {
  expect(() => gainPower({ ...half, rows: 40, gain: 0.6 })).toThrow(RangeError);
  expect(() => gainPower({ ...half, rows: 40.5, gain: 0.1 })).toThrow(RangeError);
  expect(() => gainPower({ ...half, rows: 40, gain: 0.1, repeats: 0 })).toThrow(RangeError);
  expect(() => gainPower({ ...half, rows: 40, gain: 0.1, discordance: 2 })).toThrow(RangeError);
});
