import { expect, test } from "vitest";
import type { IndividualShape } from "../shapes/optimization.ts";
import { bestSuccess } from "./best-success.ts";

const individual = (rank: number, successRate: number): IndividualShape => ({
  promptId: "00000000-0000-4000-8000-000000000000",
  version: "1.0.1",
  status: "experimental",
  tags: [],
  operator: "reflect",
  message: "",
  objectives: { successRate, costUsd: 0.01, latencyMs: 1_000 },
  success: { value: successRate, low: 0, high: 1, n: 5 },
  figure: { kind: "estimated", value: successRate, low: 0, high: 1, n: 5 },
  passed: 0,
  constraintViolation: 0,
  rank,
  crowdingDistance: 0,
  survived: rank === 0,
  isIncumbent: false,
});

test("the best of a population is on its first front, whatever a child that left the race is rated", () => {
  expect(bestSuccess([individual(0, 0.6), individual(0, 0.4), individual(3, 0.9)])).toBe(0.6);
  expect(bestSuccess([])).toBe(0);
});
