import { expect, test } from "vitest";
import { parameterBounds } from "#lib/domain/optimization.ts";
import { draw } from "#lib/random.ts";
import { hyperparameter } from "../operators/hyperparameter.ts";
import type { OperatorContext } from "../operators/operator.ts";
import { removeInstruction } from "../operators/remove-instruction.ts";
import { promptSaying } from "../testing/search-fixtures.ts";
import { cheapen } from "./cheapen.ts";

const models = ["small", "light", "standard"];
const operators = [
  { operator: hyperparameter, weight: 1 },
  { operator: removeInstruction, weight: 1 },
];

async function cheapened(seed: number, model = "standard") {
  const { id, genome } = promptSaying("best", "Be brief.", "Be kind.", "Name the units.");
  const parent = {
    id,
    genome: { ...genome, parameters: { ...genome.parameters, model } },
    passRates: new Map(),
  };
  const context: OperatorContext = {
    agent: {
      name: "a",
      system: "single",
      suite: "s",
      description: "answers",
      requiredVariables: ["input"],
      protectedTexts: [],
      allowedTools: [],
      defaultModel: "standard",
      parameterBounds: parameterBounds.parse({ models }),
      repeats: null,
      nonInferiorityMargin: 0.05,
    },
    draws: draw("cheapen", seed),
    modelSeed: seed,
    completer: { complete: async () => ({ text: "" }) },
    incumbent: genome,
    clusters: [],
    cluster: null,
    passing: [],
    failureSummary: "",
    section: null,
    rejected: [],
    isToBeCheaper: true,
    examples: [],
  };
  const outcome = await cheapen(hyperparameter, [parent], { context, operators });
  return outcome.state === "made" ? outcome.offspring[0] : undefined;
}

test("one child carries up to three edits, and each of them makes it cheaper", async () => {
  const children = await Promise.all(Array.from({ length: 40 }, (_, seed) => cheapened(seed)));
  const found = children.map((child) => child?.genome.parameters.model);
  expect(new Set(found)).toEqual(new Set(["small", "light"]));
  const lines = children.map((child) => child?.genome.content.split("- ").length ?? 0);
  expect(Math.max(...lines)).toBe(4);
  expect(Math.min(...lines)).toBeLessThan(4);
  expect(children.every((child) => child?.parentIds.join() === "best")).toBe(true);
});

test("an edit that does not apply is left out: the smallest model has none below it", async () => {
  const children = await Promise.all(
    Array.from({ length: 20 }, (_, seed) => cheapened(seed, "small")),
  );
  expect(children.some((child) => child === undefined)).toBe(true);
  for (const child of children) expect(child?.genome.parameters.model ?? "small").toBe("small");
});
