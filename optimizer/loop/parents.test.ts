import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import type { Aim } from "./aim.ts";
import { type Breeder, bestOnAverage, chooseParent } from "./parents.ts";

const genome = { content: "x", parameters: promptParameters.parse({}), tools: [] };

function breeder(id: string, rates: readonly number[], rank = 0): Breeder {
  const passRates = new Map(rates.map((rate, i) => [`b${i}`, rate]));
  const evidence = { clusters: [], passing: [], summary: "" };
  const success = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return { id, genome, passRates, success, rank, crowdingDistance: 1, evidence };
}

const population = [
  breeder("even", [0.6, 0.6, 0.6, 0.6]),
  breeder("first", [1, 0.2, 0.2, 0.2]),
  breeder("last", [0, 0, 0, 1]),
  breeder("poor", [0, 0, 0, 0], 2),
];

const chosen = (aim: Aim, from = population) =>
  Array.from({ length: 400 }, (_, seed) => chooseParent(aim, from, draw(seed)).id);
const share = (ids: readonly string[], id: string) =>
  ids.filter((own) => own === id).length / ids.length;

test("what is bred for the front always starts from the best", () => {
  expect(new Set(chosen("front"))).toEqual(new Set(["even"]));
  expect(bestOnAverage([breeder("a", [0.5], 1), breeder("b", [0.5], 0)]).id).toBe("b");
});

test("what is bred for success starts from the best, now and then from a specialist; who is best nowhere is none", () => {
  const ids = chosen("success");
  expect(new Set(ids)).toEqual(new Set(["even", "first", "last"]));
  expect(share(ids, "even")).toBeGreaterThan(0.8);
});

test("benchmarks on which the best is far ahead send for it more often", () => {
  const hard = [
    breeder("best", [0.9, 0.9, 0.9]),
    breeder("easy", [1, 0.1, 0.1]),
    breeder("hard", [0.1, 0.1, 1]),
    breeder("hard too", [0.9, 0.85, 0.1]),
  ];
  const ids = chosen("success", hard);
  expect(share(ids, "easy")).toBeGreaterThan(0);
  expect(share(ids, "hard")).toBeGreaterThan(0);
});

test("members within a tie of the best join it", () => {
  const ids = chosen("success", [breeder("a", [0.9]), breeder("b", [0.86]), breeder("c", [0.5])]);
  expect(new Set(ids)).toEqual(new Set(["a", "b"]));
});

test("a population that never passed anything still has parents", () => {
  const ids = chosen("success", [breeder("poor", [0, 0]), breeder("poorer", [0, 0])]);
  expect(new Set(ids)).toEqual(new Set(["poor"]));
});

test("who ran on more rows than the others is no specialist for it", () => {
  const today = breeder("today", [0.2, 0.2, 0.2, 0.2, 1, 1]);
  const ids = chosen("success", [breeder("best", [0.9, 0.9, 0.9]), today]);
  expect(new Set(ids)).toEqual(new Set(["best"]));
});
