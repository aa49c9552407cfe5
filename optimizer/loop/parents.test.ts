import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { type Breeder, bestOnAverage, chooseParent } from "./parents.ts";

const genome = { content: "x", parameters: promptParameters.parse({}), tools: [] };

function breeder(id: string, rates: readonly number[], rank = 0): Breeder {
  const passRates = new Map(rates.map((rate, i) => [`b${i}`, rate]));
  const evidence = { clusters: [], passing: [], summary: "" };
  return { id, genome, passRates, rank, crowdingDistance: 1, hypervolumeContribution: 0, evidence };
}

const population = [
  breeder("even", [0.6, 0.6, 0.6, 0.6]),
  breeder("first", [1, 0.2, 0.2, 0.2]),
  breeder("last", [0, 0, 0, 1]),
  breeder("poor", [0, 0, 0, 0], 2),
];

const chosen = (slot: number, from = population, adds = false) =>
  Array.from({ length: 400 }, (_, seed) => chooseParent(slot, from, draw(seed), adds).id);

test("the first slot always breeds on the best average", () => {
  expect(new Set(chosen(0))).toEqual(new Set(["even"]));
  expect(bestOnAverage([breeder("a", [0.5], 1), breeder("b", [0.5], 0)]).id).toBe("b");
});

test("every other slot goes to a specialist; who is best nowhere is none", () => {
  const ids = chosen(1);
  expect(new Set(ids)).toEqual(new Set(["even", "first", "last"]));
  expect(chosen(3)).toEqual(ids);
});

test("benchmarks on which the best is far ahead send for it more often", () => {
  const hard = [
    breeder("easy", [1, 0.1]),
    breeder("easy too", [0.94, 0.1]),
    breeder("hard", [0.9, 1]),
  ];
  const ids = chosen(1, hard);
  expect(ids.filter((id) => id === "hard").length).toBeGreaterThan(300);
  expect(ids).toContain("easy");
});

test("members within a tie of the best join it", () => {
  const ids = chosen(1, [breeder("a", [0.9]), breeder("b", [0.86]), breeder("c", [0.5])]);
  expect(new Set(ids)).toEqual(new Set(["a", "b"]));
});

test("the other slots are tournaments, which the last rank rarely wins", () => {
  const poor = chosen(4).filter((id) => id === "poor").length;
  expect(poor).toBeGreaterThan(0);
  expect(poor).toBeLessThan(60);
});

test("of four slots one breeds on the member that the front would miss most, whoever succeeds more", () => {
  const front = [
    { ...breeder("good", [0.8]), hypervolumeContribution: 0.01 },
    { ...breeder("cheap", [0.5]), hypervolumeContribution: 0.2 },
    breeder("passed by", [0.7], 1),
  ];
  for (const slot of [2, 6]) expect(new Set(chosen(slot, front, true))).toEqual(new Set(["cheap"]));
  expect(new Set(chosen(4, front, true)).size).toBe(3);
});

test("an operator that adds prefers parents that succeed, one that does not also those at the end of the front", () => {
  const front = [
    breeder("good", [0.8]),
    { ...breeder("cheap", [0.3]), crowdingDistance: Number.POSITIVE_INFINITY },
  ];
  const count = (adds: boolean) => chosen(4, front, adds).filter((id) => id === "good").length;
  expect(count(true)).toBeGreaterThan(250);
  expect(count(false)).toBeLessThan(150);
});

test("a population that never passed anything still has parents", () => {
  expect(["poor", "poorer"]).toContain(
    chooseParent(1, [breeder("poor", [0, 0]), breeder("poorer", [0, 0])], draw(1), false).id,
  );
});
