import { expect, test } from "vitest";
import type { Grader } from "../domain/grader.ts";
import { type EvaluationIdentity, evaluationKey, graderVersionOf } from "./evaluation-key.ts";

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

test("the graders of the first days keep the key that their stored trials have", () => {
  const golden = "c468715379253bd15a884515c450c2acd9e0a3b15a0725e3631f93d12bde813c";
  const kinds: Grader[] = [
    { kind: "exact", ignoreCase: true },
    { kind: "label" },
    { kind: "contains", ignoreCase: false },
    { kind: "numeric", tolerance: 0.5 },
    { kind: "workbench" },
  ];
  for (const kind of kinds)
    expect(evaluationKey({ ...identity, graderVersion: graderVersionOf(kind) })).toBe(golden);
});

test("a judge's model and prompt, a command's version and the graders of a combination are in the version", () => {
  const judge: Grader = { kind: "judge", model: "simulated", promptVersion: 1, threshold: 0.5 };
  expect(graderVersionOf(judge)).toBe("judge@1:simulated:standard:prompt-1");
  const command: Grader = { kind: "command", command: "unit-tests@3", threshold: 1 };
  expect(graderVersionOf(command)).toBe("command@1:unit-tests@3");
  const graders = [judge, command].map((grader) => ({ grader, weight: 1 }));
  expect(graderVersionOf({ kind: "combined", graders })).toBe(
    "combined@1(judge@1:simulated:standard:prompt-1,command@1:unit-tests@3)",
  );
});
