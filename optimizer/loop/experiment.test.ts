import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { createMemoryRunStore } from "../adapters/memory-run-store.ts";
import { repeatOffsets, trialKey } from "../measurement.ts";
import type { Evaluator, SearchPrompt, TrialOrder } from "../ports.ts";
import { experiment } from "./experiment.ts";

const promptNamed = (id: string): SearchPrompt => ({
  id,
  version: "1.0.0",
  contentHash: id,
  genome: { content: id, parameters: promptParameters.parse({}), tools: [] },
});
const benchmarkNamed = (id: string): Benchmark => ({
  id,
  suite: "s",
  externalId: id,
  input: id,
  expected: "yes",
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: id,
  family: null,
  group: id,
  required: false,
  sealed: false,
});
const targets = ["t1", "t2", "t3", "t4"].map(benchmarkNamed);
const controls = ["c1", "c2"].map(benchmarkNamed);
const incumbent = promptNamed("incumbent");

/** How many of the targets each prompt passes, and whether it loses the first control. */
const world: Record<string, { passes: number; losesControl: boolean }> = {
  incumbent: { passes: 1, losesControl: false },
  worse: { passes: 0, losesControl: false },
  same: { passes: 1, losesControl: false },
  good: { passes: 3, losesControl: false },
  best: { passes: 4, losesControl: false },
  costly: { passes: 3, losesControl: true },
};

function passes({ prompt, benchmark }: TrialOrder): boolean {
  const facts = world[prompt.id];
  if (facts === undefined) throw new Error(`no facts about ${prompt.id}`);
  if (benchmark.id === "c1") return !facts.losesControl;
  if (benchmark.id === "c2") return true;
  return Number(benchmark.id.slice(1)) <= facts.passes;
}

async function run(children: readonly string[]) {
  const orders: TrialOrder[] = [];
  const evaluator: Evaluator = {
    evaluate: async (asked) => {
      orders.push(...asked);
      return asked.map((order) => ({
        state: "done" as const,
        replayed: false,
        result: {
          outcome: passes(order) ? ("success" as const) : ("failure" as const),
          score: passes(order) ? 1 : 0,
          costUsd: 0.01,
          inputTokens: 1,
          outputTokens: 1,
          latencyMs: 1,
          failure: null,
          agents: [],
          steps: [],
          criticVerdict: null,
          simulated: true,
        },
      }));
    },
  };
  const { measurements, dropped } = await experiment(
    {
      config: optimizationConfig.parse({
        experiment: { promisingChildren: 2, promisingRepeats: 2, reevaluationRepeatsMax: 3 },
      }),
      generation: 0,
      incumbent,
      parentIds: [],
      bredFrom: new Map(),
      soFar: [],
      rates: new Map(),
      children: children.map(promptNamed),
      reevaluate: [],
      spendMaxUsd: 100,
      targets,
      controls,
      experimentId: (generation, id) => `${generation}/${id}`,
    },
    { evaluator, store: createMemoryRunStore(incumbent) },
  );
  const repeatsOf = (promptId: string, benchmarkId: string) =>
    orders
      .filter(({ prompt, benchmark }) => prompt.id === promptId && benchmark.id === benchmarkId)
      .map(({ repeat }) => repeat - repeatOffsets.search);
  return { orders, measurements, dropped, repeatsOf };
}

test("the best children run again at once, the others do not", async () => {
  const { repeatsOf } = await run(["worse", "same", "good", "best"]);
  expect(repeatsOf("best", "t1")).toEqual([0, 1, 2]);
  expect(repeatsOf("good", "t1")).toEqual([0, 1, 2]);
  expect(repeatsOf("same", "t1")).toEqual([0]);
  expect(repeatsOf("worse", "t1")).toEqual([0]);
});

test("the incumbent runs the repeats that its rivals will run, so that every trial has its pair", async () => {
  const { repeatsOf } = await run(["best"]);
  expect(repeatsOf("incumbent", "t4")).toEqual([0, 1, 2]);
});

test("a control that failed once runs twice more; when it fails again the child leaves, and no trial runs twice", async () => {
  const { orders, measurements, dropped, repeatsOf } = await run(["costly"]);
  expect(repeatsOf("costly", "c1")).toEqual([0, 1, 2]);
  expect(repeatsOf("costly", "c2")).toEqual([]);
  expect(dropped).toEqual([
    {
      promptId: "costly",
      block: 1,
      rule: "control-veto",
      reason: "failed a control 3 times of 3",
    },
  ]);
  const keys = measurements.map(trialKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(orders).toHaveLength(keys.length);
});
