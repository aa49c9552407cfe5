import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { pairedDifferenceInterval, pairedRatioInterval } from "./bootstrap.ts";
import { holm } from "./holm.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { meanInterval } from "./mean-interval.ts";
import { type PairedOutcomes, pairedPermutationTest } from "./permutation.ts";
import { median, quantile } from "./quantile.ts";
import { sprt } from "./sprt.ts";
import { wilsonInterval } from "./wilson.ts";

const outcomes = (passes: number, n: number) =>
  Array.from({ length: n }, (_, i) => (i < passes ? 1 : 0));
const flip = (pair: PairedOutcomes) => ({ baseline: pair.candidate, candidate: pair.baseline });
const sequence = (text: string) => [...text].map((c) => c === "p");

test("Wilson's interval answers the textbook figures", () => {
  const rounded = (s: number, n: number) => {
    const { low, high } = wilsonInterval(s, n);
    return [Math.round(low * 100), Math.round(high * 100)];
  };
  expect(rounded(5, 20)).toEqual([11, 47]);
  expect(rounded(10, 20)).toEqual([30, 70]);
  expect(rounded(15, 20)).toEqual([53, 89]);
  expect(rounded(20, 20)).toEqual([84, 100]);
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
});

test("Holm's correction is monotone and never below the raw value", () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([])).toEqual([]);
  expect(() => holm([1.5])).toThrow(RangeError);
});

test("the sequential test clears after five passes and condemns two failures unless three passes came before the second", () => {
  expect(sprt(sequence("pppp"))).toBe("undecided");
  expect(sprt(sequence("ppppp"))).toBe("clear");
  expect(sprt(sequence("ff"))).toBe("regressed");
  expect(sprt(sequence("ppff"))).toBe("regressed");
  expect(sprt(sequence("pppff"))).not.toBe("regressed");
  expect(sprt([])).toBe("undecided");
});

test("the sequential test condemns a control that dropped to 0.6 about nine times in ten and one at 0.99 hardly ever", () => {
  const condemned = (rate: number) => {
    let count = 0;
    for (let s = 0; s < 2000; s++) {
      const draws = draw(s, "sprt", String(rate));
      if (sprt(Array.from({ length: 60 }, () => draws.chance(rate))) === "regressed") count++;
    }
    return count / 2000;
  };
  expect(condemned(0.6)).toBeGreaterThan(0.87);
  expect(condemned(0.3)).toBeGreaterThan(0.985);
  expect(condemned(0.99)).toBeLessThan(0.01);
});

test("the permutation test equals the sign test on single pairs: five wins and no loss give 1/32", () => {
  const wins = Array.from({ length: 5 }, () => ({ baseline: [0], candidate: [1] }));
  expect(pairedPermutationTest(wins, { draws: draw(1) })).toBeCloseTo(1 / 32, 12);
  const even = [...wins, ...Array.from({ length: 5 }, () => ({ baseline: [1], candidate: [0] }))];
  expect(pairedPermutationTest(even, { draws: draw(1) })).toBeGreaterThan(0.5);
  expect(pairedPermutationTest([], { draws: draw(1) })).toBe(1);
});

test("labellings that tie with the observed one count, with thirds as with many benchmarks", () => {
  // One benchmark, three repeats each: 1 of the 20 labellings is as good as the observed one.
  const best = { baseline: [0, 0, 0], candidate: [1, 1, 1] };
  expect(pairedPermutationTest([best], { draws: draw(1) })).toBeCloseTo(1 / 20, 12);
  // Against its mirror image the observed sum is 0, and more than half of all labellings reach it.
  const mirror = { baseline: best.candidate, candidate: best.baseline };
  const thirds = { baseline: [0, 0, 1], candidate: [0, 1, 1] };
  const many = Array.from({ length: 100 }, () => [best, mirror, thirds]).flat();
  const p = pairedPermutationTest([...many, ...many.map(flip)], { draws: draw(1) });
  expect(p).toBeGreaterThan(0.5);
  expect(p).toBeLessThan(0.52);
});

test("McNemar's test needs 5, 7, 9, 10, 12 and 13 wins against 0 to 5 losses, and equals the permutation test on pairs", () => {
  const needed = [5, 7, 9, 10, 12, 13];
  const figures = [0.031, 0.035, 0.033, 0.046, 0.038, 0.048];
  for (const [losses, wins] of needed.entries()) {
    expect(mcnemarExact(wins, losses)).toBeCloseTo(figures[losses] ?? 0, 3);
    expect(mcnemarExact(wins - 1, losses)).toBeGreaterThan(0.05);
    const pairs = [
      ...Array.from({ length: wins }, () => ({ baseline: [0], candidate: [1] })),
      ...Array.from({ length: losses }, () => ({ baseline: [1], candidate: [0] })),
    ];
    expect(pairedPermutationTest(pairs, { draws: draw(1) })).toBeCloseTo(
      mcnemarExact(wins, losses),
      12,
    );
  }
  expect(mcnemarExact(4, 0)).toBe(0.0625);
  expect(mcnemarExact(0, 0)).toBe(1);
  expect(() => mcnemarExact(-1, 2)).toThrow(RangeError);
  expect(() => mcnemarExact(900, 200)).toThrow(RangeError);
});

test("sampled and exact p-values agree", () => {
  const pairs = Array.from({ length: 12 }, (_, i) => ({
    baseline: outcomes(i % 3, 3),
    candidate: outcomes((i % 3) + (i % 2), 3),
  }));
  const exact = pairedPermutationTest(pairs, { draws: draw(1) });
  // Scores that are not 0/1 go the sampled way; a constant shift within each benchmark changes nothing.
  const shifted = pairs.map((pair) => ({
    baseline: pair.baseline.map((v) => v * 2),
    candidate: pair.candidate.map((v) => v * 2),
  }));
  expect(pairedPermutationTest(shifted, { draws: draw(2) })).toBeCloseTo(exact, 1);
});

test("size and power with three repeats on 20 benchmarks are those of the simulation in the literature notes", () => {
  const rejected = (lift: number) => {
    let count = 0;
    const runs = 400;
    for (let s = 0; s < runs; s++) {
      const draws = draw(s, "power", String(lift));
      const pairs = Array.from({ length: 20 }, () => {
        const p = Math.min(1, draws.next() * 0.5);
        const q = Math.min(1, p + lift);
        const arm = (rate: number) => Array.from({ length: 3 }, () => (draws.chance(rate) ? 1 : 0));
        return { baseline: arm(p), candidate: arm(q) };
      });
      if (pairedPermutationTest(pairs, { draws: draw(s, "shuffle") }) <= 0.05) count++;
    }
    return count / runs;
  };
  expect(rejected(0)).toBeLessThanOrEqual(0.07);
  expect(rejected(0.2)).toBeGreaterThan(0.65);
  expect(rejected(0.3)).toBeGreaterThan(0.9);
});

test("bootstrap intervals hold the value, shrink to a point without noise, and replay by seed", () => {
  const certain = Array.from({ length: 10 }, () => ({ baseline: [0, 0], candidate: [1, 1] }));
  expect(pairedDifferenceInterval(certain, { draws: draw(1) })).toEqual({
    value: 1,
    low: 1,
    high: 1,
    n: 10,
  });
  const noisy = Array.from({ length: 20 }, (_, i) => ({
    baseline: outcomes(i % 3, 4),
    candidate: outcomes((i + 1) % 4, 4),
  }));
  const first = pairedDifferenceInterval(noisy, { draws: draw(3) });
  expect(first.low).toBeLessThan(first.value);
  expect(first.high).toBeGreaterThan(first.value);
  expect(pairedDifferenceInterval(noisy, { draws: draw(3) })).toEqual(first);
  const ratio = pairedRatioInterval([{ baseline: [2, 2], candidate: [1, 1] }], { draws: draw(1) });
  expect(ratio.value).toBe(0.5);
  expect(pairedRatioInterval([{ baseline: [0], candidate: [0] }], { draws: draw(1) }).value).toBe(
    1,
  );
  expect(pairedRatioInterval([{ baseline: [0], candidate: [3] }], { draws: draw(1) }).high).toBe(
    Number.MAX_VALUE,
  );
  expect(pairedDifferenceInterval([], { draws: draw(1) }).n).toBe(0);
});

test("quantiles interpolate, and means carry their interval", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(() => quantile([], 0.5)).toThrow(RangeError);
  const estimate = meanInterval({ n: 4, sum: 8, sumOfSquares: 24 });
  expect(estimate.value).toBe(2);
  expect(estimate.high - estimate.value).toBeCloseTo((1.96 * Math.sqrt(8 / 3)) / 2, 3);
});
