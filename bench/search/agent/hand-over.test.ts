import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";
import { type Arena, CountedTrials } from "./arena.ts";
import { besideStart, handedOver } from "./hand-over.ts";
import { workbenchArena } from "./workbench-arena.ts";

const promptOf = (content: string) => promptGenome.parse({ content, parameters: {}, tools: [] });
const start = promptOf("start");

/** Each passes the last so many of forty benchmarks, at this cost. */
const behaviours: Record<string, { passes: number; costUsd: number }> = {
  start: { passes: 16, costUsd: 0.01 },
  best: { passes: 32, costUsd: 0.018 },
  "nearly as good": { passes: 31, costUsd: 0.0185 },
  cheap: { passes: 24, costUsd: 0.006 },
  cheaper: { passes: 18, costUsd: 0.004 },
  middle: { passes: 28, costUsd: 0.011 },
  between: { passes: 29, costUsd: 0.013 },
  fails: { passes: 4, costUsd: 0.002 },
  hopeful: { passes: 30, costUsd: 0.003 },
};

/** A workbench in which every prompt behaves as said above, without a model. */
async function withTrials(
  judge: (trials: CountedTrials, benchmarks: readonly Benchmark[]) => Promise<void>,
) {
  const workbench = workbenchArena({ fresh: 1, threads: 1 });
  const benchmarks = workbench.benchmarks.slice(0, 40);
  const run: Arena["run"] = async ({ genome, benchmark }) => {
    const { passes, costUsd } = behaviours[genome.content] ?? { passes: 0, costUsd: 0 };
    const passed = benchmarks.length - benchmarks.indexOf(benchmark) <= passes;
    return {
      outcome: passed ? "success" : "failure",
      score: passed ? 1 : 0,
      costUsd,
      inputTokens: 100,
      outputTokens: 10,
      latencyMs: 1_000,
      failure: null,
      agents: [],
      steps: [],
      criticVerdict: null,
      simulated: true,
    };
  };
  try {
    await judge(
      new CountedTrials({ ...workbench, start, benchmarks, run }, 1, new Map()),
      benchmarks,
    );
  } finally {
    await workbench.close();
  }
}

const measure = (trials: CountedTrials, content: string, on: readonly Benchmark[]) =>
  trials.run(
    promptOf(content),
    on.map((benchmark) => ({ benchmark, repeat: 0 })),
  );
const contents = (prompts: readonly PromptGenome[]) => prompts.map(({ content }) => content);

test("a prompt that ran mostly where the start fails is compared with the start there", () =>
  withTrials(async (trials, benchmarks) => {
    await measure(trials, "start", benchmarks);
    // Sixteen that the start fails and four that it passes: "cheap" passes eight of these twenty, the start sixteen of its forty.
    await measure(trials, "cheap", [...benchmarks.slice(4, 20), ...benchmarks.slice(36)]);
    const { successRate, costUsd } = besideStart(trials, promptOf("cheap"));
    expect(successRate).toBeCloseTo(0.4 + (8 - 4) / 20, 12);
    expect(costUsd).toBeCloseTo(0.006, 12);
    expect(besideStart(trials, start).successRate).toBe(0.4);
  }));

test("the pick comes first, then whoever adds most to the front; who adds nothing or failed stays out", () =>
  withTrials(async (trials, benchmarks) => {
    for (const name of ["start", "best", "nearly as good", "cheap", "middle", "fails"])
      await measure(trials, name, benchmarks);
    // Nine trials are a look, not a measurement: it would add more than anybody.
    await measure(trials, "hopeful", benchmarks.slice(-9));
    expect(contents(handedOver(trials, promptOf("best")))).toEqual(["best", "cheap", "middle"]);
  }));

test("four prompts are handed over at most, those that add least being left", () =>
  withTrials(async (trials, benchmarks) => {
    for (const name of ["start", "best", "between", "middle", "cheap", "cheaper"])
      await measure(trials, name, benchmarks);
    const names = contents(handedOver(trials, promptOf("best")));
    expect(names).toEqual(["best", "cheaper", "cheap", "middle"]);
  }));
