import { expect, test } from "vitest";
import type { Measurement } from "../measurement.ts";
import { isIdle } from "./idle-edit.ts";

/** One trial for each digest, on b0, b1 …; equal digests are equal runs. */
const runs = (
  digests: readonly string[],
  changes: Partial<Measurement> & { steps?: number } = {},
): Measurement[] => {
  const { steps = 8, ...rest } = changes;
  return digests.map((digest, i) => ({
    promptId: "any",
    benchmarkId: `b${i}`,
    repeat: 100,
    success: false,
    score: 0,
    costUsd: 0.01,
    latencyMs: 1_000,
    behaviour: { digest, steps },
    ...rest,
  }));
};

test("a child that took its parent's steps in three runs of an agent with tools is idle", () => {
  expect(isIdle(runs(["x", "y", "z"]), runs(["x", "y", "z", "more"]))).toBe(true);
  expect(isIdle(runs(["x", "y", "other"]), runs(["x", "y", "z"]))).toBe(false);
});

test("equal answers in a word prove little: nineteen are not enough, twenty are", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `row ${i}`);
  expect(isIdle(runs(rows.slice(1), { steps: 1 }), runs(rows.slice(1), { steps: 1 }))).toBe(false);
  expect(isIdle(runs(rows, { steps: 1 }), runs(rows, { steps: 1 }))).toBe(true);
});

test("the same steps for less money or in less time are worth having", () => {
  const parent = runs(["x", "y", "z"]);
  expect(isIdle(runs(["x", "y", "z"], { costUsd: 0.009 }), parent)).toBe(false);
  expect(isIdle(runs(["x", "y", "z"], { latencyMs: 850 }), parent)).toBe(false);
  expect(isIdle(runs(["x", "y", "z"], { costUsd: 0.0099, latencyMs: 990 }), parent)).toBe(true);
});

test("only the same repeats are compared, and nothing follows from runs that were not recorded", () => {
  const parent = runs(["x", "y", "z"]);
  expect(isIdle(runs(["x", "y", "z"], { repeat: 101 }), parent)).toBe(false);
  const unrecorded = runs(["x", "y", "z"]).map(({ behaviour: _, ...rest }) => rest);
  expect(isIdle(unrecorded, unrecorded)).toBe(false);
});

test("runs that the parent passed prove nothing: there is nothing to gain in them", () => {
  const passed = runs(["x", "y", "z"], { success: true });
  expect(isIdle(passed, passed)).toBe(false);
});
