import { expect, test } from "vitest";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { confirmationTrialsOfArm, costMargin } from "#lib/optimizations/confirmation-size.ts";
import type { IndividualRecord } from "../ports.ts";
import { affordableFinalists, confirmationCostUsd } from "./plan-confirmation.ts";

const config = optimizationConfig.parse({
  experiment: { confirmRepeats: 5, holdoutRepeats: 3, finalistsMax: 3 },
});
const size = { targets: 20, controls: 5, holdout: 10 };

function member(promptId: string, successRate: number, costUsd: number): IndividualRecord {
  return {
    promptId,
    objectives: { successRate, costUsd, latencyMs: 1 },
    trials: 25,
    successes: 0,
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: 1,
    survived: true,
  };
}

const population = [
  member("today", 0.3, 0.01),
  member("best", 0.9, 0.04),
  member("good", 0.8, 0.02),
  member("fair", 0.7, 0.01),
];

test("the proof takes every scored benchmark and the holdout in their repeats, and controls until they are decided", () => {
  expect(confirmationTrialsOfArm(config, size)).toBe(25 * 5 + 5 * 7 + 10 * 3);
  const perTrialUsd = 0.01 + 0.04 + 0.02 + 0.01;
  expect(confirmationCostUsd(population, "today", size, config)).toBeCloseTo(
    costMargin * perTrialUsd * 190,
    9,
  );
  expect(confirmationCostUsd(population.slice(0, 1), "today", size, config)).toBe(0);
});

test("as many finalists as the money left can prove, the best first, and never none", () => {
  const chosen = (leftUsd: number) =>
    affordableFinalists(population, "today", size, { config, leftUsd });
  expect(chosen(100)).toEqual(["best", "good", "fair"]);
  expect(chosen(17)).toEqual(["best", "good"]);
  expect(chosen(12)).toEqual(["best"]);
  expect(chosen(0)).toEqual(["best"]);
});
