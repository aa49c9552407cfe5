import fc from "fast-check";
import { expect, test } from "vitest";
import { type Birth, banditArms, type Harvest } from "./bandit.ts";

const operators = [
  { operator: "reflect" as const, weight: 1 },
  { operator: "variation" as const, weight: 1 },
  { operator: "shorten" as const, weight: 1 },
  { operator: "crossover" as const, weight: 1 },
];

/** `count` generations in which each operator has a child, and those of the winners stay for good. */
function history(count: number, winners: readonly string[]): Harvest[] {
  const births = (generation: number): Birth[] =>
    operators.map(({ operator }) => ({ id: `${generation}/${operator}`, operator }));
  return Array.from({ length: count }, (_, generation) => ({
    births: births(generation),
    survivorIds: new Set(
      Array.from({ length: generation + 1 }, (_, g) => births(g))
        .flat()
        .filter(({ operator }) => winners.includes(operator))
        .map(({ id }) => id),
    ),
  }));
}

test("an operator whose children stay gets most of the slots, and every other one the floor", () => {
  const arms = banditArms(operators, history(10, ["variation"]), 1);
  const share = (name: string) => arms.find(({ operator }) => operator === name)?.share ?? 0;
  expect(share("variation")).toBeGreaterThan(0.8);
  for (const name of ["reflect", "shorten", "crossover"]) expect(share(name)).toBeCloseTo(0.05, 6);
});

test("before anything is known the shares follow the weights", () => {
  const weighted = operators.map((o) => ({ ...o, weight: o.operator === "reflect" ? 5 : 1 }));
  const arms = banditArms(weighted, [], 1);
  expect(arms[0]?.share).toBeGreaterThan(0.5);
  expect(arms.map(({ wins, losses }) => wins + losses)).toEqual([0, 0, 0, 0]);
});

test("a child that survives its own generation has not won yet; one that is gone has lost", () => {
  const [first] = history(1, ["variation"]);
  const arms = banditArms(operators, first === undefined ? [] : [first], 1);
  expect(arms.map(({ wins }) => wins)).toEqual([0, 0, 0, 0]);
  expect(arms.map(({ losses }) => losses)).toEqual([1, 0, 1, 1]);
});

test("a child that shone once and fell when measured again is a loss", () => {
  const births = [{ id: "a", operator: "reflect" as const }];
  const harvests = [
    { births, survivorIds: new Set(["a"]) },
    { births: [], survivorIds: new Set<string>() },
  ];
  expect(banditArms(operators, harvests, 1)[0]).toMatchObject({ wins: 0, losses: 0.95 });
});

test("counts are forgotten by a twentieth a generation", () => {
  const old = history(2, ["variation"]);
  const idle = { births: [], survivorIds: old[1]?.survivorIds ?? new Set<string>() };
  const arm = banditArms(operators, [...old.slice(0, 1), idle, idle], 1)[1];
  expect(arm?.wins).toBeCloseTo(0.95 ** 2, 6);
});

test("shares are a pure function that sums to one and keeps the floor, whatever happened", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      fc.subarray(operators.map(({ operator }) => operator)),
      fc.nat(),
      (generations, winners, seed) => {
        const harvests = history(generations, winners);
        const arms = banditArms(operators, harvests, seed);
        expect(banditArms(operators, harvests, seed)).toEqual(arms);
        expect(arms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
        for (const { share } of arms) expect(share).toBeGreaterThanOrEqual(0.05 - 1e-6);
      },
    ),
    { numRuns: 40 },
  );
});
