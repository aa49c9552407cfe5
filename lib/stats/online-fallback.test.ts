import fc from "fast-check";
import { expect, test } from "vitest";
import { type Draws, draw } from "../random.ts";
import { normalCdf } from "./normal.ts";
import { type AlphaSpending, alphaOfTest } from "./online-fallback.ts";

/** Makes one test after the other; `pValue` may look at everything so far. */
function spendAlong(tests: number, pValue: (j: number, history: AlphaSpending[]) => number) {
  const history: AlphaSpending[] = [];
  for (let j = 0; j < tests; j++) {
    const alpha = alphaOfTest(history);
    history.push({ alpha, rejected: pValue(j, history) <= alpha });
  }
  return history;
}

test("without a rejection the tests have a half, a sixth, a twelfth of the level, and never more than all together", () => {
  const history = spendAlong(500, () => 1);
  expect(history.slice(0, 3).map(({ alpha }) => alpha)).toEqual([0.05 / 2, 0.05 / 6, 0.05 / 12]);
  const spent = history.reduce((sum, { alpha }) => sum + alpha, 0);
  expect(spent).toBeLessThanOrEqual(0.05);
  expect(spent).toBeGreaterThan(0.0499);
});

test("a rejection hands its whole level to the next test, and a failure hands on nothing", () => {
  expect(alphaOfTest([{ alpha: 0.025, rejected: true }])).toBeCloseTo(0.025 + 0.05 / 6, 12);
  expect(alphaOfTest([{ alpha: 0.025, rejected: false }])).toBeCloseTo(0.05 / 6, 12);
  const always = spendAlong(50, () => 0);
  expect(always.at(-1)?.alpha).toBeGreaterThan(0.048);
  expect(always.at(-1)?.alpha).toBeLessThanOrEqual(0.05);
});

test("whatever is rejected, the levels of the true nulls up to the first false rejection are at most the total", () => {
  // The argument of the header, for every pattern of nulls and of rejections of false nulls.
  const hypothesis = fc.record({ isNull: fc.boolean(), rejected: fc.boolean() });
  fc.assert(
    fc.property(fc.array(hypothesis, { maxLength: 40 }), (list) => {
      const history: AlphaSpending[] = [];
      let levelOfNulls = 0;
      for (const { isNull, rejected } of list) {
        const alpha = alphaOfTest(history);
        if (isNull) levelOfNulls += alpha;
        history.push({ alpha, rejected: rejected && !isNull });
      }
      expect(levelOfNulls).toBeLessThanOrEqual(0.05 + 1e-12);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

/** z of fifteen tests, each with correlation `shared` to a common part: rows that all of them have. */
function correlated(draws: Draws, shared: number): number[] {
  const common = draws.normal();
  return Array.from(
    { length: 15 },
    () => Math.sqrt(shared) * common + Math.sqrt(1 - shared) * draws.normal(),
  );
}

test("the chance of any false claim stays at most 5 % in simulation: independent, dependent, mixed with true gains", () => {
  const runs = 10_000;
  for (const shared of [0, 0.5, 0.95])
    for (const gains of [0, 5]) {
      let anyFalse = 0;
      for (let run = 0; run < runs; run++) {
        const z = correlated(draw(run, "fallback", shared, gains), shared);
        // Gains lie first, where their rejections hand the most to the nulls after them.
        const history = spendAlong(15, (j) => normalCdf(-((z[j] ?? 0) + (j < gains ? 3 : 0))));
        if (history.some(({ rejected }, j) => rejected && j >= gains)) anyFalse++;
      }
      expect(anyFalse / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
      expect(anyFalse).toBeGreaterThan(0);
    }
});

test("the level that earlier gains hand on is used: five gains are found more often than by Bonferroni", () => {
  const runs = 4_000;
  const found = { fallback: 0, bonferroni: 0 };
  for (let run = 0; run < runs; run++) {
    const draws = draw(run, "gains");
    const p = Array.from({ length: 5 }, () => normalCdf(-(draws.normal() + 2.8)));
    found.fallback += spendAlong(5, (j) => p[j] ?? 1).filter(({ rejected }) => rejected).length;
    found.bonferroni += p.filter((value) => value <= 0.01).length;
  }
  expect(found.fallback).toBeGreaterThan(found.bonferroni);
});

test("a history that cannot be is refused", () => {
  expect(() => alphaOfTest([], 0)).toThrow(RangeError);
  expect(() => alphaOfTest([], 1)).toThrow(RangeError);
  expect(() => alphaOfTest([{ alpha: 0.06, rejected: false }])).toThrow(RangeError);
  expect(() => alphaOfTest([{ alpha: Number.NaN, rejected: true }])).toThrow(RangeError);
});
