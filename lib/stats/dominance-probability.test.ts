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

test("equal arms dominate each other never: one must be better in something", () => {
  const arm = twenty(() => [trial(1)]);
  expect(probability(arm, arm)).toBe(0);
  expect(dominanceProbability([], { draws: draw(1) })).toBe(0);
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
  // One win of twenty is drawn at least once with probability 1 − (19/20)^20 = 0.64.
  expect(few).toBeGreaterThan(0.58);
  expect(few).toBeLessThan(0.7);
  expect(many).toBeGreaterThan(0.97);
  expect(probability(arm(1), rival)).toBe(few);
});
