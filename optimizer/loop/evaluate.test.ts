import { expect, test } from "vitest";
import type { Measurement } from "../measurement.ts";
import {
  asIndividual,
  doubtfulControls,
  frontHypervolume,
  hypervolumeContributions,
  isRegressed,
  ratesBesideParent,
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

const benchmarkIds = ["t1", "t2", "t3"];
const outcomes = (promptId: string, each: string) =>
  benchmarkIds.flatMap((id, i) => measured(promptId, id, each[i] ?? "f"));
const meanRate = (rates: ReadonlyMap<string, number>) =>
  [...rates.values()].reduce((sum, rate) => sum + rate, 0) / rates.size;

test("a child that did what its parent did is rated like it, and one that did worse is rated below it", () => {
  // As one trial each leaves it: two benchmarks of three passed, by a line that began near 0.
  const rates = new Map([
    ["t1", 0.7],
    ["t2", 0.7],
    ["t3", 0.03],
  ]);
  const parent = { trials: outcomes("parent", "ppf"), rates };
  expect(ratesBesideParent(outcomes("same", "ppf"), parent)).toEqual(rates);
  const worse = meanRate(ratesBesideParent(outcomes("worse", "pff"), parent));
  const better = meanRate(ratesBesideParent(outcomes("better", "ppp"), parent));
  expect(worse).toBeCloseTo(meanRate(rates) - 1 / 1.5 / 3, 9);
  expect(better).toBeCloseTo(meanRate(rates) + 1 / 1.5 / 3, 9);
});

test("a parent that ran more often is compared on the repeats of its child, and lends it the rest", () => {
  const rates = new Map([["t1", 0.4]]);
  const lucky = { trials: measured("parent", "t1", "pffp"), rates };
  expect(ratesBesideParent(measured("child", "t1", "p"), lucky).get("t1")).toBe(0.4);
  expect(ratesBesideParent([], lucky).get("t1")).toBe(0.4);
});

test("beside a parent without trials of its own, few trials draw a child back to what that parent is expected to do", () => {
  const rates = ratesBesideParent(measured("child", "t1", "p"), {
    trials: [],
    rates: new Map([["t1", 0.9]]),
  });
  expect(rates.get("t1")).toBeCloseTo((1 + 0.5 * 0.9) / 1.5, 9);
});

test("a rate stays within 0 and 1, however far a line has come", () => {
  const parent = { trials: measured("parent", "t1", "f"), rates: new Map([["t1", 0.6]]) };
  expect(ratesBesideParent(measured("child", "t1", "p"), parent).get("t1")).toBe(1);
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

test("the front's hypervolume ignores infeasible prompts and grows with a better one", () => {
  const seed = frontHypervolume([individual(0.3, 0.01, 0)], base);
  expect(frontHypervolume([individual(0.3, 0.01, 0), individual(0.9, 0.001, 1)], base)).toBe(seed);
  expect(
    frontHypervolume([individual(0.3, 0.01, 0), individual(0.6, 0.01, 0)], base),
  ).toBeGreaterThan(seed);
  expect(frontHypervolume([individual(0.3, 0, 1)], base)).toBe(0);
});

test("a member contributes what the front has only from it, and one that is passed by another nothing", () => {
  const good = individual(0.8, 0.015, 0);
  const cheap = individual(0.6, 0.008, 0);
  const passed = individual(0.5, 0.01, 0);
  const broken = individual(0.9, 0.005, 1);
  const [ofGood = 0, ofCheap = 0, ...others] = hypervolumeContributions(
    [good, cheap, passed, broken],
    base,
  );
  expect(others).toEqual([0, 0]);
  expect(ofGood).toBeGreaterThan(0);
  expect(ofCheap).toBeGreaterThan(ofGood);
  const whole = frontHypervolume([good, cheap, passed], base);
  expect(ofCheap).toBeCloseTo(whole - frontHypervolume([good, passed], base), 12);
});
