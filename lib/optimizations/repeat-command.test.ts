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
  expect(repeatCommand({ agentType: "engineer", fromVersion: "v1", config })).toEqual({
    command:
      "genepool optimize --agent engineer --from v1 --seed 7 --generations 2 --model simulated --targets 6 --cap-usd 3",
    settingsBeside: [],
  });
});

test("a setting without an option is named beside the command instead of being left out", () => {
  const config = optimizationConfig.parse({ breeding: { memory: false } });
  const { settingsBeside } = repeatCommand({ agentType: "a", fromVersion: "v1", config });
  expect(settingsBeside).toEqual(["breeding.memory = false"]);
});

test("a hostile model name stays one word of the shell", () => {
  const config = optimizationConfig.parse({ model: "x'; rm -rf ~ #" });
  const { command } = repeatCommand({ agentType: "a", fromVersion: "v1", config });
  expect(command).toContain(`--model 'x'\\''; rm -rf ~ #'`);
});
