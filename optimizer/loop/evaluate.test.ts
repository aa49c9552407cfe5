import { expect, test } from "vitest";
import { asIndividual, frontHypervolume } from "./evaluate.ts";

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
