import { expect, test } from "vitest";
import { plannedTrials, remainingTime } from "./planned-trials.ts";

const config = { calls: 1_000 };

test("a run is planned from its learning alone to its whole budget of calls", () => {
  expect(plannedTrials(config)).toEqual({ low: 100, high: 1_000 });
});

test("a run without a pace has no time left to tell", () => {
  expect(remainingTime({ elapsedMs: 5_000, trialsDone: 3, config })).toBeNull();
});

test("the time left follows the pace and never falls below zero", () => {
  expect(remainingTime({ elapsedMs: 11_000, trialsDone: 110, config })).toEqual({
    low: 0,
    high: 89_000,
  });
});
