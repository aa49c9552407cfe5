import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { EvidenceRun } from "../evidence.ts";
import type { AgentProfile } from "../ports.ts";
import { mineExamples } from "./evidence-from-trials.ts";

const agent: AgentProfile = {
  name: "engineer",
  system: "workbench",
  suite: "s",
  description: "d",
  requiredVariables: [],
  protectedTexts: [],
  allowedTools: ["simulate"],
  defaultModel: "simulated",
  parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [4, 24], models: [] },
  repeats: null,
  nonInferiorityMargin: 0.05,
};
const ids = ["twice", "lucky", "poor", "single", "other"];
const benchmarks: Benchmark[] = ids.map((id) => ({
  id,
  suite: "s",
  externalId: id,
  input: id,
  expected: null,
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: id,
  family: id,
  group: id,
  required: false,
  sealed: false,
}));
const run = (benchmarkId: string, score: number): EvidenceRun => ({
  runId: benchmarkId,
  benchmarkId,
  outcome: score > 0 ? "success" : "failure",
  score,
  failure: null,
  steps: [{ agentType: "engineer", kind: "tool-call", toolName: "simulate", text: "" }],
});

test("examples come from benchmarks that went well twice, where they were run twice, and score no child", () => {
  const traces = [
    run("twice", 1),
    run("twice", 0.9),
    run("lucky", 1),
    run("lucky", 0),
    run("poor", 0.5),
    run("single", 1),
    run("other", 1),
  ];
  const examples = mineExamples(agent, benchmarks, ids.slice(0, 4), traces);
  expect(examples.map(({ benchmarkId }) => benchmarkId)).toEqual(["twice", "single"]);
});
