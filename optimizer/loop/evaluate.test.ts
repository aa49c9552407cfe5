import { expect, test } from "vitest";
import type { Measurement } from "../measurement.ts";
import {
  asIndividual,
  doubtfulControls,
  frontHypervolume,
  isRegressed,
  scorePrompt,
} from "./evaluate.ts";

const measured = (promptId: string, benchmarkId: string, outcomes: string): Measurement[] =>
  [...outcomes].map((o, repeat) => ({
    promptId,
    benchmarkId,
    repeat,
    success: o === "p",
    score: o === "p" ? 1 : 0,
    costUsd: 0.01,
    latencyMs: 1000,
  }));

const yardstick = (incumbent: Measurement[]) => ({
  benchmarkIds: ["t1", "t2", "c1"],
  controlIds: ["c1"],
  controlLossMax: 0,
  incumbent,
  priorRates: new Map([
    ["t1", 0.1],
    ["t2", 0.1],
    ["c1", 0.9],
  ]),
});

test("one lucky run counts less than the same rate over many runs", () => {
  const incumbent = [
    ...measured("i", "t1", "ffff"),
    ...measured("i", "t2", "ffff"),
    ...measured("i", "c1", "pppp"),
  ];
  const once = scorePrompt(
    "a",
    [...measured("a", "t1", "p"), ...measured("a", "t2", "p"), ...measured("a", "c1", "p")],
    yardstick(incumbent),
  );
  const often = scorePrompt(
    "b",
    [
      ...measured("b", "t1", "pppp"),
      ...measured("b", "t2", "pppp"),
      ...measured("b", "c1", "pppp"),
    ],
    yardstick(incumbent),
  );
  expect(once.objectives.successRate).toBeLessThan(often.objectives.successRate);
  expect(once.constraintViolation).toBe(0);
});

test("a child is expected to do what its parents do: few trials draw it back to them, not to today's prompt", () => {
  const incumbent = ["t1", "t2", "c1"].flatMap((id) => measured("i", id, "ffff"));
  const once = ["t1", "t2", "c1"].flatMap((id) => measured("a", id, "p"));
  const parents = new Map([
    ["t1", 0.9],
    ["t2", 0.9],
    ["c1", 0.9],
  ]);
  const ofToday = scorePrompt("a", once, yardstick(incumbent)).objectives.successRate;
  const ofParents = scorePrompt("a", once, yardstick(incumbent), parents).objectives.successRate;
  expect(ofParents).toBeCloseTo((1 + 0.5 * 0.9) / 1.5, 9);
  expect(ofToday).toBeLessThan(ofParents);
});

test("a prompt that is a little cheaper than another is ranked as cheap as that one", () => {
  const ranked = (costUsd: number, latencyMs: number) =>
    asIndividual(
      {
        promptId: "a",
        objectives: { successRate: 0.5, costUsd, latencyMs },
        trials: 1,
        successes: 1,
        constraintViolation: 0,
      },
      { successRate: 0.4, costUsd: 0.01, latencyMs: 1_000 },
    ).objectives;
  expect(ranked(0.0097, 1_040)).toEqual(ranked(0.0103, 960));
  expect(ranked(0.008, 1_000)).toEqual([-0.5, -2, 0]);
  expect(ranked(0.01, 2_000)).toEqual([-0.5, 0, 7]);
});

test("a cheap prompt that fails is infeasible, by the distance to the incumbent's success", () => {
  const incumbent = ["t1", "t2", "c1"].flatMap((id) => measured("i", id, "pppp"));
  const bad = scorePrompt(
    "a",
    ["t1", "t2"].flatMap((id) => measured("a", id, "ffff")),
    yardstick(incumbent),
  );
  expect(bad.constraintViolation).toBeGreaterThan(0.3);
});

test("a control counts as regressed only when it fails repeatedly and the incumbent holds it", () => {
  const count = (passes: number, trials: number) => ({ passes, trials });
  expect(isRegressed(count(0, 1), count(4, 4))).toBe(false);
  expect(isRegressed(count(1, 3), count(4, 4))).toBe(true);
  expect(isRegressed(count(2, 4), count(4, 4))).toBe(false);
  expect(isRegressed(count(0, 3), count(2, 4))).toBe(false);
  expect(doubtfulControls(measured("a", "c1", "f"), ["c1", "c2"])).toEqual(["c1"]);
  expect(doubtfulControls(measured("a", "c1", "p"), ["c1"])).toEqual([]);
});

test("the front's hypervolume ignores infeasible prompts and grows with a better one", () => {
  const individual = (successRate: number, costUsd: number, constraintViolation: number) => ({
    promptId: "x",
    objectives: { successRate, costUsd, latencyMs: 1000 },
    trials: 1,
    successes: 1,
    constraintViolation,
    rank: 0,
    crowdingDistance: 0,
    survived: true,
  });
  const base = { successRate: 0.3, costUsd: 0.01, latencyMs: 1000 };
  const seed = frontHypervolume([individual(0.3, 0.01, 0)], base);
  expect(frontHypervolume([individual(0.3, 0.01, 0), individual(0.9, 0.001, 1)], base)).toBe(seed);
  expect(
    frontHypervolume([individual(0.3, 0.01, 0), individual(0.6, 0.01, 0)], base),
  ).toBeGreaterThan(seed);
  expect(frontHypervolume([individual(0.3, 0, 1)], base)).toBe(0);
});
