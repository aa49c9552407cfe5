import { expect, test } from "vitest";
import { draw } from "../random.ts";
import { type ArmTrial, dominanceProbability } from "./dominance-probability.ts";

const trial = (success: number, costUsd = 1, latencyMs = 1): ArmTrial => ({
  success,
  costUsd,
  latencyMs,
});
const probability = (arm: ArmTrial[][], rival: ArmTrial[][], path = "a") =>
  dominanceProbability(
    arm.map((trials, i) => ({ arm: trials, rival: rival[i] ?? [] })),
    { draws: draw(1, path) },
  );
const twenty = (make: (i: number) => ArmTrial[]) => Array.from({ length: 20 }, (_, i) => make(i));

test("an arm that is better everywhere dominates for certain, and is never dominated", () => {
  const good = twenty(() => [trial(1, 0.5, 0.5)]);
  const bad = twenty(() => [trial(0)]);
  expect(probability(good, bad)).toBe(1);
  expect(probability(bad, good)).toBe(0);
});

test("equal arms: either may be the better one, and neither is likely to be", () => {
  const arm = twenty(() => [trial(1)]);
  expect(probability(arm, arm)).toBeLessThan(0.5);
  expect(dominanceProbability([], { draws: draw(1) })).toBe(0);
});

test("equal outcomes on few benchmarks are no certainty, however much cheaper the rival is", () => {
  const outcomes = (costUsd: number) =>
    Array.from({ length: 10 }, (_, i) => [trial(i < 8 ? 1 : 0, costUsd)]);
  const cheaper = probability(outcomes(1), outcomes(2));
  expect(cheaper).toBeGreaterThan(0.5);
  expect(cheaper).toBeLessThan(0.8);
  // Two benchmarks more are evidence.
  const better = Array.from({ length: 10 }, (_, i) => [trial(1, 1 + i)]);
  expect(probability(better, outcomes(20))).toBeGreaterThan(0.8);
});

test("an arm that is better and dearer does not dominate", () => {
  const dear = twenty(() => [trial(1, 2)]);
  const cheap = twenty(() => [trial(0, 1)]);
  expect(probability(dear, cheap)).toBe(0);
});

test("the probability grows with the evidence and is the same for the same draws", () => {
  const arm = (wins: number) => twenty((i) => [trial(i < wins ? 1 : 0)]);
  const rival = twenty(() => [trial(0)]);
  const [few, many] = [probability(arm(1), rival), probability(arm(4), rival)];
  // Two wins of 22 pairs against one loss, the prior's among them: the wins are drawn more often in 0.61 of the resamples.
  expect(few).toBeGreaterThan(0.57);
  expect(few).toBeLessThan(0.65);
  expect(many).toBeGreaterThan(0.9);
  expect(probability(arm(1), rival)).toBe(few);
});
