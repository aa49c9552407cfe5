import { expect, test } from "vitest";
import type { Measurement } from "../measurement.ts";
import { controlDrift } from "./drift.ts";

const runs = (passes: number, failures: number, benchmarkId = "c"): Measurement[] =>
  Array.from({ length: passes + failures }, (_, repeat) => ({
    promptId: "today",
    benchmarkId,
    repeat,
    success: repeat < passes,
    score: 0,
    costUsd: 0,
    latencyMs: 0,
  }));
const controls = new Set(["c"]);

test("a shift beyond two standard errors is drift, in either direction; less may be chance", () => {
  expect(controlDrift(runs(40, 0), runs(15, 10), controls)).toEqual({ before: 1, now: 0.6 });
  expect(controlDrift(runs(15, 10), runs(40, 0), controls)).toEqual({ before: 0.6, now: 1 });
  expect(controlDrift(runs(40, 0), runs(24, 1), controls)).toBeNull();
  expect(controlDrift(runs(2, 0), runs(1, 1), controls)).toBeNull();
});

test("only controls count, and without runs of them there is nothing to say", () => {
  expect(controlDrift(runs(40, 0), runs(0, 25, "target"), controls)).toBeNull();
  expect(controlDrift([], runs(0, 25), controls)).toBeNull();
});
