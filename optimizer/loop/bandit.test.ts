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
    operators.map(({ operator }) => ({
      id: `${generation}/${operator}`,
      operator,
      aim: "success",
    }));
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

test("an operator whose children stay comes to get most of the slots, and every other one keeps some", () => {
  const shareAfter = (generations: number, name: string) =>
    banditArms(operators, history(generations, ["variation"])).find(
      ({ operator }) => operator === name,
    )?.share ?? 0;
  expect(shareAfter(3, "variation")).toBeGreaterThan(0.35);
  expect(shareAfter(3, "variation")).toBeLessThan(0.6);
  expect(shareAfter(10, "variation")).toBeGreaterThan(0.6);
  expect(shareAfter(10, "reflect")).toBeCloseTo((1 - shareAfter(10, "variation")) / 3, 5);
  expect(shareAfter(10, "reflect")).toBeGreaterThan(0.02);
});

test("an operator expected to be worth nothing keeps the least share", () => {
  const arms = banditArms([...operators, { operator: "fresh-start", weight: 0.001 }], []);
  expect(arms.at(-1)?.share).toBeCloseTo(0.02, 6);
});

test("before anything is known the shares follow the weights", () => {
  const weighted = operators.map((o) => ({ ...o, weight: o.operator === "reflect" ? 5 : 1 }));
  const arms = banditArms(weighted, []);
  expect(arms.map(({ share }) => share)).toEqual([0.625, 0.125, 0.125, 0.125]);
  expect(arms.map(({ wins, losses }) => wins + losses)).toEqual([0, 0, 0, 0]);
});

test("a child that survives its own generation has not won yet; one that is gone has lost", () => {
  const [first] = history(1, ["variation"]);
  const arms = banditArms(operators, first === undefined ? [] : [first]);
  expect(arms.map(({ wins }) => wins)).toEqual([0, 0, 0, 0]);
  expect(arms.map(({ losses }) => losses)).toEqual([1, 0, 1, 1]);
});

test("a child that shone once and fell when measured again is a loss", () => {
  const births = [{ id: "a", operator: "reflect" as const, aim: "success" as const }];
  const harvests = [
    { births, survivorIds: new Set(["a"]) },
    { births: [], survivorIds: new Set<string>() },
  ];
  expect(banditArms(operators, harvests)[0]).toMatchObject({ wins: 0, losses: 0.95 });
});

test("counts are forgotten by a twentieth a generation", () => {
  const old = history(2, ["variation"]);
  const idle = { births: [], survivorIds: old[1]?.survivorIds ?? new Set<string>() };
  const arm = banditArms(operators, [...old.slice(0, 1), idle, idle])[1];
  expect(arm?.wins).toBeCloseTo(0.95 ** 2, 6);
});

test("shares are a pure function that sums to one and keeps the floor, whatever happened", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      fc.subarray(operators.map(({ operator }) => operator)),
      (generations, winners) => {
        const harvests = history(generations, winners);
        const arms = banditArms(operators, harvests);
        expect(banditArms(operators, harvests)).toEqual(arms);
        expect(arms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
        for (const { share } of arms) expect(share).toBeGreaterThanOrEqual(0.02 - 1e-6);
      },
    ),
    { numRuns: 40 },
  );
});

test("a child that was bred to be cheaper says nothing of what makes a prompt better", () => {
  const births = [{ id: "a", operator: "shorten" as const, aim: "front" as const }];
  const survivorIds = new Set(["a"]);
  const arms = banditArms(operators, [
    { births, survivorIds },
    { births: [], survivorIds },
  ]);
  expect(arms.every(({ wins, losses }) => wins === 0 && losses === 0)).toBe(true);
});
