import { expect, test } from "vitest";
import { optimizationConfig } from "../domain/optimization.ts";
import { repeatCommand } from "./repeat-command.ts";

test("the command names the seed and what differs from the defaults, and nothing else", () => {
  const config = optimizationConfig.parse({
    seed: 7,
    generations: 2,
    model: "simulated",
    experiment: { targets: 6 },
    budget: { runCapUsd: 3 },
  });
  expect(repeatCommand({ agentType: "engineer", fromVersion: "v1", proves: [], config })).toEqual({
    command:
      "genepool optimize --agent engineer --from v1 --seed 7 --generations 2 --model simulated --targets 6 --cap-usd 3",
    settingsBeside: [],
  });
});

test("a setting without an option is named beside the command instead of being left out", () => {
  const config = optimizationConfig.parse({ breeding: { memory: false } });
  const { settingsBeside } = repeatCommand({
    agentType: "a",
    fromVersion: "v1",
    proves: [],
    config,
  });
  expect(settingsBeside).toEqual(["breeding.memory = false"]);
});

test("a hostile model name stays one word of the shell", () => {
  const config = optimizationConfig.parse({ model: "x'; rm -rf ~ #" });
  const { command } = repeatCommand({ agentType: "a", fromVersion: "v1", proves: [], config });
  expect(command).toContain(`--model 'x'\\''; rm -rf ~ #'`);
});

test("a proof is repeated by its own command, which names the prompts and has fewer options", () => {
  const prove = ["3f0a2f6e-9a44-4c0e-8b5e-5f5d7f0c7f10", "3f0a2f6e-9a44-4c0e-8b5e-5f5d7f0c7f11"];
  const config = optimizationConfig.parse({
    prove,
    model: "simulated",
    experiment: { targets: 6 },
    budget: { runCapUsd: 3 },
  });
  const run = { agentType: "engineer", fromVersion: "1.0.0", proves: ["1.1.0", "1.2.0"], config };
  expect(repeatCommand(run)).toEqual({
    command:
      "genepool prompts prove engineer@1.1.0 engineer@1.2.0 --seed 1 --model simulated --targets 6 --cap-usd 3",
    settingsBeside: [],
  });
});
