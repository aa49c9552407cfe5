import { expect, test } from "vitest";
import { optimizationConfig } from "../domain/optimization.ts";
import { plannedStages, repeatsWords } from "./plan-words.ts";
import { planStages } from "./stage-plan.ts";

const planOf = (config: object, repeats: "same" | "vary" | "unknown") =>
  planStages({
    config: optimizationConfig.parse(config),
    suite: { learningGroups: 120, sealedGroups: 120 },
    repeats,
  });

test("the stages of the table together never order more than the budget, and none is empty", () => {
  for (const calls of [40, 400, 600, 2_400])
    for (const repeats of ["same", "vary", "unknown"] as const) {
      const stages = plannedStages(planOf({ calls }, repeats));
      expect(stages.reduce((sum, { trials }) => sum + trials, 0)).toBeLessThanOrEqual(calls);
      expect(stages.every(({ trials }) => trials > 0)).toBe(true);
    }
});

test("the table has a probe only where nobody declared whether repeats differ", () => {
  const names = (repeats: "same" | "unknown") =>
    plannedStages(planOf({}, repeats)).map(({ name }) => name);
  expect(names("unknown")).toContain("probe");
  expect(names("same")).not.toContain("probe");
  expect(repeatsWords(planOf({}, "unknown"))).toContain("8 rows run twice");
  expect(repeatsWords(planOf({}, "same"))).toContain("declares that repeats are the same");
});
