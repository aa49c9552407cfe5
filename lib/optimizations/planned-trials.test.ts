import { expect, test } from "vitest";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { plannedTrials, remainingTime } from "./planned-trials.ts";

const config = optimizationConfig.parse({
  generations: 6,
  populationSize: 10,
  offspringSize: 10,
  experiment: {
    targets: 20,
    controls: 5,
    calibrationBenchmarks: 75,
    calibrationRepeats: 2,
    searchRepeats: 1,
    reevaluationRepeatsMax: 4,
    confirmRepeats: 5,
    finalistsMax: 3,
    holdout: 10,
    holdoutRepeats: 3,
  },
});

test("the plan counts calibration, baseline, children, re-evaluations and both arms of the confirmation", () => {
  const scored = 25;
  const arm = scored * 5 + 10 * 3;
  const calibration = 150 + 2 * 5 * 5;
  const promising = 7 * 3 * 2;
  const contenders = 6 * 2;
  expect(plannedTrials(config).high).toBe(
    calibration + (4 + 9 + 60 + promising + 60 + contenders) * scored + 4 * arm + 4 * 5 * 7,
  );
  expect(plannedTrials(config).low).toBeLessThan(plannedTrials(config).high);
});

test("a run without a pace has no time left to tell", () => {
  expect(remainingTime({ elapsedMs: 5_000, trialsDone: 3, config })).toBeNull();
});

test("the time left follows the pace and never falls below zero", () => {
  const { low, high } = plannedTrials(config);
  const trialsDone = low + 10;
  expect(remainingTime({ elapsedMs: trialsDone * 100, trialsDone, config })).toEqual({
    low: 0,
    high: (high - trialsDone) * 100,
  });
});
