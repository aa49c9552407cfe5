import { expect, test } from "vitest";
import { optimizationConfig, parameterBounds } from "#lib/domain/optimization.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { weightedOperators } from "../operators/mix.ts";
import { planSlots, type SlotPlanInput } from "./slot-plan.ts";

const config = {
  ...optimizationConfig.parse({ breeding: { toolDescriptions: true } }),
  generations: 20,
  offspringSize: 10,
};
const agent = {
  name: "a",
  system: "workbench" as const,
  suite: "s",
  description: "d",
  requiredVariables: [],
  protectedTexts: [],
  allowedTools: ["t"],
  defaultModel: "m",
  parameterBounds: parameterBounds.parse({}),
  repeats: null,
  nonInferiorityMargin: 0.05,
};
const input = (characters = 100, changes: Partial<SlotPlanInput> = {}): SlotPlanInput => ({
  seed: 1,
  generation: 1,
  aims: Array.from({ length: 200 }, () => "success" as const),
  operators: weightedOperators(agent, config, true),
  arms: [],
  crossoversLeft: 3,
  population: [
    {
      id: "p",
      genome: {
        content: "x".repeat(characters),
        parameters: promptParameters.parse({}),
        tools: [],
      },
      passRates: new Map(),
      success: 0,
      rank: 0,
      crowdingDistance: 1,
      evidence: { clusters: [], passing: [], summary: "" },
    },
  ],
  incumbentCharacters: 100,
  ...changes,
});
const count = (name: string, of: SlotPlanInput) =>
  planSlots(of).filter((operator) => operator.name === name).length;

test("crossovers and edits of tools keep their quotas", () => {
  expect(count("crossover", input())).toBe(3);
  expect(count("crossover", input(100, { crossoversLeft: 0 }))).toBe(0);
  expect(count("tool-description", input())).toBe(1);
});

test("the last slot shortens when the best prompt is near its cap, and only then", () => {
  const last = (characters: number) =>
    [1, 2, 3, 4].map((seed) => planSlots(input(characters, { seed })).at(-1)?.name);
  expect(new Set(last(3_300))).toEqual(new Set(["shorten"]));
  expect(new Set(last(3_000))).not.toEqual(new Set(["shorten"]));
});

test("slots go by the arms' shares where there are any; an operator switched off gets none", () => {
  const arms = input().operators.map(({ operator }) => ({
    operator: operator.name,
    wins: 0,
    losses: 0,
    share: operator.name === "shorten" ? 0.9 : 0.001,
  }));
  expect(count("shorten", input(100, { arms }))).toBeGreaterThan(180);
  const breeding = { ...config.breeding, without: ["reflect" as const] };
  const operators = weightedOperators(agent, { ...config, breeding }, true);
  expect(count("reflect", input(100, { operators }))).toBe(0);
});

test("a run of few children leaves out operators that would not get a slot, those for long prompts excepted", () => {
  const names = (generations: number, offspringSize: number) =>
    weightedOperators(agent, { ...config, generations, offspringSize }, true).map(
      (o) => o.operator.name,
    );
  expect(names(15, 1)).toEqual([
    "reflect",
    "variation",
    "add-instruction",
    "crossover",
    "shorten",
    "hyperparameter",
    "tool-description",
  ]);
  expect(names(20, 10)).toHaveLength(14);
});

test("what is bred for the front is made cheaper, mostly by another model", () => {
  const aims = Array.from({ length: 200 }, () => "front" as const);
  const names = planSlots(input(100, { aims })).map(({ name }) => name);
  const cheapening = [
    "hyperparameter",
    "shorten",
    "remove-instruction",
    "few-shot-drop",
    "tool-mask",
  ];
  expect(cheapening).toEqual(expect.arrayContaining([...new Set(names)]));
  expect(names.filter((name) => name === "hyperparameter").length).toBeGreaterThan(60);
});
