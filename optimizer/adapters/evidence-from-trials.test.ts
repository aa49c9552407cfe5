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

test("no example comes from a sealed group, and rows that ask the same are one example", () => {
  const row = (id: string, group: string, sealed: boolean): Benchmark[] =>
    benchmarks.slice(0, 1).map((one) => ({ ...one, id, group, sealed, expected: `answer ${id}` }));
  const suite = [
    ...row("open", "g1", false),
    ...row("twin", "g1", false),
    ...row("kept", "g2", true),
    ...row("more", "g3", false),
  ];
  const all = suite.map(({ id }) => id);
  const single = { ...agent, allowedTools: [] };
  const named = (list: readonly { benchmarkId: string; group: string }[]) =>
    list.map(({ benchmarkId, group }) => [benchmarkId, group]);
  const wanted = [
    ["open", "g1"],
    ["more", "g3"],
  ];
  expect(named(mineExamples(single, suite, all, []))).toEqual(wanted);
  const traces = all.flatMap((id) => [run(id, 1), run(id, 1)]);
  expect(named(mineExamples(agent, suite, all, traces))).toEqual(wanted);
  const failedFirst = traces.filter(({ benchmarkId }) => benchmarkId !== "open");
  expect(named(mineExamples(agent, suite, all, failedFirst))).toEqual([
    ["twin", "g1"],
    ["more", "g3"],
  ]);
});
