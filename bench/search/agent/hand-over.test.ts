import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";
import { type Arena, CountedTrials } from "./arena.ts";
import { besideStart, handedOver } from "./hand-over.ts";

const promptOf = (content: string) => promptGenome.parse({ content, parameters: {}, tools: [] });
const benchmarks = Array.from({ length: 40 }, (_, i) => ({ id: `b${i}` }) as Benchmark);
const start = promptOf("start");

/** Passes the last `passes` of the forty benchmarks, at a constant cost. */
const behaviours: Record<string, { passes: number; costUsd: number }> = {
  start: { passes: 16, costUsd: 0.01 },
  best: { passes: 32, costUsd: 0.018 },
  "nearly as good": { passes: 31, costUsd: 0.0185 },
  cheap: { passes: 24, costUsd: 0.006 },
  middle: { passes: 28, costUsd: 0.011 },
  fails: { passes: 4, costUsd: 0.002 },
  hopeful: { passes: 30, costUsd: 0.008 },
};

function trialsOf(): CountedTrials {
  const arena = {
    start,
    concurrency: 1,
    run: async ({ genome, benchmark }: { genome: PromptGenome; benchmark: Benchmark }) => {
      const behaviour = behaviours[genome.content];
      const passed = 40 - Number(benchmark.id.slice(1)) <= (behaviour?.passes ?? 0);
      const costUsd = behaviour?.costUsd ?? 0;
      return { outcome: passed ? "success" : "failure", costUsd, latencyMs: 1_000 };
    },
  } as unknown as Arena;
  return new CountedTrials(arena, 1, new Map());
}

const measured = (trials: CountedTrials, content: string, on: readonly Benchmark[]) =>
  trials.run(
    promptOf(content),
    on.map((benchmark) => ({ benchmark, repeat: 0 })),
  );

test("a prompt that ran only where the start fails is compared with the start there", async () => {
  const trials = trialsOf();
  await measured(trials, "start", benchmarks);
  // Sixteen that the start fails and four that it passes: by a raw mean "cheap" would seem no better than the start.
  const sample = [...benchmarks.slice(8, 24), ...benchmarks.slice(36)];
  await measured(trials, "cheap", sample);
  const { successRate, costUsd } = besideStart(trials, promptOf("cheap"));
  expect(successRate).toBeCloseTo(0.4 + (12 - 4) / 20, 12);
  expect(costUsd).toBeCloseTo(0.006, 12);
  expect(besideStart(trials, start).successRate).toBe(0.4);
});

test("the pick comes first, then whoever adds most to the front, four at most", async () => {
  const trials = trialsOf();
  for (const name of ["start", "best", "nearly as good", "cheap", "middle", "fails"])
    await measured(trials, name, benchmarks);
  // Too few trials to have been measured.
  await measured(trials, "hopeful", benchmarks.slice(-9));
  const names = handedOver(trials, promptOf("best")).map(({ content }) => content);
  expect(names).toEqual(["best", "cheap", "middle"]);
});
