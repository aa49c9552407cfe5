import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crowdingDistance } from "./crowding.ts";
import { constraintDominates, dominates } from "./dominance.ts";
import { hypervolume } from "./hypervolume.ts";
import { hypervolumeOf, rankPoints, selectPoints } from "./objectives.ts";
import { nonDominatedRanks } from "./ranks.ts";
import { constrainedRanks, frontsOf, survivors } from "./survivors.ts";

interface GoldenCase {
  id: string;
  n: number;
  m: number;
  F: number[][];
  ranks: number[];
  crowding: (number | null)[];
  survivors: { keep: number; forced: number[]; open?: number[] };
  constrained?: { violation: number[]; ranks: number[] };
  hypervolume: { ref: number[]; value: number }[];
}
const golden = JSON.parse(
  readFileSync(new URL("../../tests/fixtures/pareto/golden.json", import.meta.url), "utf8"),
) as { cases: GoldenCase[] };

const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());
const near = (a: number, b: number) =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

test.each(golden.cases)("golden case $id: ranks, crowding, survivors, hypervolume", (c) => {
  const ranks = nonDominatedRanks(flat(c.F), c.n, c.m);
  expect(Array.from(ranks)).toEqual(c.ranks);
  for (const front of frontsOf(ranks)) {
    const distance = crowdingDistance(
      flat(Array.from(front, (i) => c.F[i] ?? [])),
      front.length,
      c.m,
    );
    for (const [k, point] of front.entries()) {
      expect(near(distance[k] ?? Number.NaN, c.crowding[point] ?? Number.POSITIVE_INFINITY)).toBe(
        true,
      );
    }
  }
  const kept = new Set(survivors(flat(c.F), c.n, c.m, c.survivors.keep));
  expect(kept.size).toBe(c.survivors.keep);
  for (const i of c.survivors.forced) expect(kept.has(i)).toBe(true);
  const allowed = new Set([...c.survivors.forced, ...(c.survivors.open ?? [])]);
  for (const i of kept) expect(allowed.has(i)).toBe(true);
  for (const { ref, value } of c.hypervolume)
    expect(near(hypervolume(flat(c.F), c.n, c.m, ref), value)).toBe(true);
  if (c.constrained !== undefined) {
    const constrained = constrainedRanks(
      flat(c.F),
      c.n,
      c.m,
      Float64Array.from(c.constrained.violation),
    );
    expect(Array.from(constrained)).toEqual(c.constrained.ranks);
  }
});

const vector = (m: number) =>
  fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1, max: 1, noNaN: true })), {
    minLength: m,
    maxLength: m,
  });
const pointSet = fc
  .integer({ min: 1, max: 5 })
  .chain((m) => fc.array(vector(m), { minLength: 1, maxLength: 60 }));

/** The definition, in O(M N²): the length of the longest chain of dominators. */
function naiveRanks(points: readonly number[][]): number[] {
  const rank = new Array<number>(points.length).fill(-1);
  const rankOf = (i: number): number => {
    if ((rank[i] ?? -1) < 0) {
      const above = points.flatMap((p, j) => (dominates(p, points[i] ?? []) ? [rankOf(j)] : []));
      rank[i] = above.length === 0 ? 0 : Math.max(...above) + 1;
    }
    return rank[i] ?? 0;
  };
  return points.map((_, i) => rankOf(i));
}

test("dominance is irreflexive and transitive", () => {
  fc.assert(
    fc.property(vector(3), vector(3), vector(3), (a, b, c) => {
      expect(dominates(a, a)).toBe(false);
      if (dominates(a, b) && dominates(b, c)) expect(dominates(a, c)).toBe(true);
      if (dominates(a, b)) expect(dominates(b, a)).toBe(false);
    }),
  );
});

test("the fast sort equals the naive one; fronts partition the set and each member is dominated from the front before", () => {
  fc.assert(
    fc.property(pointSet, (points) => {
      const m = points[0]?.length ?? 1;
      const ranks = Array.from(nonDominatedRanks(flat(points), points.length, m));
      expect(ranks).toEqual(naiveRanks(points));
      const fronts = frontsOf(Uint32Array.from(ranks));
      expect(fronts.flatMap((front) => Array.from(front)).sort((a, b) => a - b)).toEqual(
        points.map((_, i) => i),
      );
      for (const [k, front] of fronts.entries()) {
        for (const i of front) {
          const own = points[i] ?? [];
          if (k > 0) expect(fronts[k - 1]?.some((j) => dominates(points[j] ?? [], own))).toBe(true);
          expect(front.some((j) => dominates(points[j] ?? [], own))).toBe(false);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("ranks do not depend on the order of the points, and equal points share a front", () => {
  fc.assert(
    fc.property(pointSet, (points) => {
      const m = points[0]?.length ?? 1;
      const ranks = nonDominatedRanks(flat(points), points.length, m);
      const reversed = nonDominatedRanks(flat([...points].reverse()), points.length, m);
      expect(Array.from(reversed).reverse()).toEqual(Array.from(ranks));
      const doubled = nonDominatedRanks(flat([...points, ...points]), points.length * 2, m);
      expect(Array.from(doubled.slice(points.length))).toEqual(
        Array.from(doubled.slice(0, points.length)),
      );
    }),
  );
});

test("large sets take the radix path and give the same fronts", () => {
  const points = Array.from({ length: 6000 }, (_, i) => [
    Math.sin(i) * 3,
    Math.cos(i * 7) - 2,
    ((i * 7919) % 100) / -10,
  ]);
  const all = nonDominatedRanks(flat(points), points.length, 3);
  const first = points.flatMap((p, i) => (all[i] === 0 ? [p] : []));
  expect(first.every((p) => !points.some((q) => dominates(q, p)))).toBe(true);
  const crowded = crowdingDistance(flat(points), points.length, 3);
  expect(crowded.every((d) => d >= 0)).toBe(true);
});

test("survivors keep the size and constraint domination puts feasible points first", () => {
  fc.assert(
    fc.property(
      pointSet,
      fc.nat(60),
      fc.array(fc.constantFrom(0, 0, 1, 2.5), { minLength: 60, maxLength: 60 }),
      (points, size, all) => {
        const keep = Math.min(size, points.length);
        const violations = all.slice(0, points.length);
        const kept = new Set(selectPoints({ objectives: points, violations, size: keep }));
        expect(kept.size).toBe(keep);
        const at = (i: number) => ({ objectives: points[i] ?? [], violation: violations[i] ?? 0 });
        for (let out = 0; out < points.length; out++) {
          if (kept.has(out)) continue;
          for (const inside of kept) expect(constraintDominates(at(out), at(inside))).toBe(false);
        }
      },
    ),
  );
});

test("hypervolume grows with points, ignores dominated ones and equals inclusion–exclusion", () => {
  const boxes = fc.integer({ min: 1, max: 4 }).chain((m) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: m, maxLength: m }), {
      minLength: 1,
      maxLength: 7,
    }),
  );
  fc.assert(
    fc.property(boxes, (points) => {
      const m = points[0]?.length ?? 1;
      const ref = new Array<number>(m).fill(8);
      const value = hypervolume(flat(points), points.length, m, ref);
      let expected = 0;
      for (let mask = 1; mask < 1 << points.length; mask++) {
        const chosen = points.filter((_, i) => (mask >> i) & 1);
        const box = ref.reduce(
          (product, r, k) => product * Math.max(0, r - Math.max(...chosen.map((p) => p[k] ?? 0))),
          1,
        );
        expected += chosen.length % 2 === 1 ? box : -box;
      }
      expect(value).toBeCloseTo(expected, 6);
      const more = [...points, points[0]?.map((v) => v + 0.5) ?? []];
      expect(hypervolume(flat(more), more.length, m, ref)).toBeCloseTo(value, 6);
    }),
  );
});

test("a zero of either sign is the same value", () => {
  expect(
    rankPoints({
      objectives: [
        [-0, 1],
        [0, 1],
      ],
    }).rank,
  ).toEqual([0, 0]);
});

test("infinite objectives never make a crowding distance NaN", () => {
  const distance = crowdingDistance(
    flat([
      [Number.NEGATIVE_INFINITY, 3],
      [0, 2],
      [1, 1],
      [Number.POSITIVE_INFINITY, 0],
    ]),
    4,
    2,
  );
  const infinite = Number.POSITIVE_INFINITY;
  expect(Array.from(distance)).toEqual([infinite, 2 / 3, 2 / 3, infinite]);
});

test("directions turn maximisation around", () => {
  const input = {
    objectives: [
      [1, 5],
      [2, 5],
      [2, 4],
    ],
    directions: ["max", "min"] as ("max" | "min")[],
  };
  expect(rankPoints(input).rank).toEqual([2, 1, 0]);
  expect(hypervolumeOf({ ...input, reference: [0, 6] })).toBe(4);
});

test("what is no set of points is refused with a sentence", () => {
  expect(() => rankPoints({ objectives: [[1, 2], [3]] })).toThrow(
    "point 1 has 1 objectives, the first has 2",
  );
  expect(() => rankPoints({ objectives: [[Number.NaN]] })).toThrow("objective 0 of point 0 is NaN");
  expect(() => rankPoints({ objectives: [[1]], directions: ["min", "max"] })).toThrow(
    "2 directions for 1 objectives",
  );
  expect(() => selectPoints({ objectives: [[1]], size: 2 })).toThrow("cannot keep 2 of 1 points");
  expect(() => rankPoints({ objectives: [[1]], violations: [-1] })).toThrow("violation 0 is -1");
  expect(() => hypervolumeOf({ objectives: [[1]], reference: [1, 2] })).toThrow(
    "the reference needs 1 numbers",
  );
  expect(() =>
    hypervolumeOf({ objectives: [[Number.NEGATIVE_INFINITY, 1]], reference: [2, 2] }),
  ).toThrow("the hypervolume is infinite");
  expect(() => hypervolumeOf({ objectives: [[1]], reference: [Number.NaN] })).toThrow(
    "the reference must be finite",
  );
});
