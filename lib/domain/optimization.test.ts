import { expect, test } from "vitest";
import { optimizationConfig, readStoredConfig } from "./optimization.ts";

test("a run of version 0.1 reads on: sizes that no longer exist are left out, the others stay", () => {
  const stored = {
    seed: 7,
    generations: 6,
    populationSize: 10,
    offspringSize: 10,
    experiment: { targets: 20, controls: 5, controlLossMax: 0.34, holdout: 10, confirmRepeats: 5 },
    budget: { runCapUsd: 3 },
  };
  const config = readStoredConfig(stored);
  expect(config).toMatchObject({
    seed: 7,
    generations: 6,
    experiment: { targets: 20, controls: 5 },
  });
  expect(config.experiment).not.toHaveProperty("holdout");
  expect(config.budget.runCapUsd).toBe(3);
});

test("a request with a size that no longer exists is refused: nothing is ignored in silence", () => {
  expect(() => optimizationConfig.parse({ experiment: { controlLossMax: 0.3 } })).toThrow();
});

test("what a run stores reads back as it is", () => {
  const config = optimizationConfig.parse({ calls: 400, experiment: { proofRows: 40 } });
  expect(readStoredConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
});
