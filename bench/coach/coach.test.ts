import { expect, test } from "vitest";
import { plantedFaults } from "#workbench/planted-faults.ts";
import { choices, classFigures, confusionOf } from "./figures.ts";
import { plantedRuns } from "./planted-runs.ts";

test("the coach tells planted faults apart, and chooses the right agent from fifty runs", async () => {
  const runs = [];
  for (const truth of plantedFaults)
    for (const seed of [21, 22, 23]) runs.push(...(await plantedRuns(truth, 10, seed)));
  const figures = classFigures(confusionOf(runs));
  for (const truth of plantedFaults)
    expect(figures[truth].precision.value, truth).toBeGreaterThanOrEqual(0.8);
  expect(figures["critic-blind"].recall.value).toBeGreaterThanOrEqual(0.6);
  expect(figures["engineer-deaf"].recall.value).toBeGreaterThanOrEqual(0.8);
  for (const mixture of plantedFaults) {
    const { agent, section } = choices(runs, mixture, { size: 50, sets: 40, seed: 1 });
    expect(agent.value, mixture).toBe(1);
    expect(section.value, mixture).toBe(1);
  }
}, 60_000);

test("planted runs repeat to the last word", async () => {
  const [once] = await plantedRuns("engineer-deaf", 1, 5);
  const [again] = await plantedRuns("engineer-deaf", 1, 5);
  expect(again).toEqual(once);
});
