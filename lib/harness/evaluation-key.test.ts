import { expect, test } from "vitest";
import { type EvaluationIdentity, evaluationKey } from "./evaluation-key.ts";

const identity: EvaluationIdentity = {
  promptHash: "p",
  otherPromptHashes: { critic: "c", planner: "l" },
  benchmarkHash: "b",
  repeat: 0,
  executor: "built-in@1",
  models: { engineer: "simulated:standard", critic: "simulated:small" },
  graderVersion: "graders@1",
  runSeed: 7,
  costLimitUsd: 0.5,
};

test("the key does not depend on the order in which the identity was put together", () => {
  const reordered: EvaluationIdentity = {
    costLimitUsd: 0.5,
    runSeed: 7,
    graderVersion: "graders@1",
    models: { critic: "simulated:small", engineer: "simulated:standard" },
    executor: "built-in@1",
    repeat: 0,
    benchmarkHash: "b",
    otherPromptHashes: { planner: "l", critic: "c" },
    promptHash: "p",
  };
  expect(evaluationKey(reordered)).toBe(evaluationKey(identity));
});

test("anything that the result depends on makes another key", () => {
  const others: Partial<EvaluationIdentity>[] = [
    { promptHash: "q" },
    { otherPromptHashes: { critic: "d", planner: "l" } },
    { otherPromptHashes: { critic: "c" } },
    { benchmarkHash: "c" },
    { repeat: 1 },
    { executor: "built-in@2" },
    { models: { engineer: "simulated:standard", critic: "simulated:standard" } },
    { graderVersion: "graders@2" },
    { runSeed: 8 },
    { costLimitUsd: 1 },
  ];
  const keys = [identity, ...others.map((other) => ({ ...identity, ...other }))].map(evaluationKey);
  expect(new Set(keys).size).toBe(others.length + 1);
});
