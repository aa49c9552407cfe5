import { z } from "zod";
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { RepeatBehaviour } from "#lib/domain/optimization.ts";
import type { Arm, TrialResult } from "#lib/domain/trial.ts";
import { isGraderDown, type WatchedTrial } from "#lib/engine/grader-watch.ts";
import { isAway } from "./faults.ts";
import type { Evaluator, SearchPrompt, TrialOrder } from "./ports.ts";

/** What one trial told the search. costUsd and latencyMs are those of the whole run, failed or not. */
export const measurement = z.object({
  promptId: z.string(),
  benchmarkId: z.string(),
  repeat: z.int(),
  success: z.boolean(),
  score: z.number(),
  costUsd: z.number(),
  latencyMs: z.number(),
  /** True when the run gave no answer that could be judged: a broken template or form, not a wrong answer. */
  broken: z.boolean().optional(),
  /** What the agents did, step by step: equal digests are equal runs. */
  behaviour: z.object({ digest: z.string(), steps: z.int() }).optional(),
});
export type Measurement = z.infer<typeof measurement>;

/** Repeat indices by purpose: a stage never reads another stage's luck. */
const variedOffsets = { learning: 0, search: 100, proof: 1_000 } as const;
const sameOffsets = { learning: 0, search: 0, proof: 0 } as const;
export type RepeatOffsets = Readonly<Record<keyof typeof variedOffsets, number>>;

/** Where repeats cannot differ there is one index for all stages: a request is ordered once and is one observation. */
export function repeatOffsetsOf(repeats: RepeatBehaviour): RepeatOffsets {
  return repeats === "same" ? sameOffsets : variedOffsets;
}

export type StopReason =
  | "day-cap"
  | "run-cap"
  | "stopped"
  | "provider-down"
  | "grader-down"
  | "money-kept"
  | "calls-spent";

export interface Measured {
  measurements: Measurement[];
  /** Why some orders were not run; null when all were. */
  stopped: StopReason | null;
}

/** More trials that a provider failed than this share mean that it is down, not that the prompts are bad. */
const awayShareMax = 0.5;

const brokenClasses: ReadonlySet<string> = new Set([
  "template-error",
  "no-submission",
  "invalid-submission",
]);

/** Runs every order and reads the answers in the order of the orders. */
export async function measure(
  evaluator: Evaluator,
  orders: readonly TrialOrder[],
  limits?: { spendMaxUsd: number },
): Promise<Measured> {
  const answers = await evaluator.evaluate(orders, limits);
  const measurements: Measurement[] = [];
  let stopped: StopReason | null = null;
  let away = 0;
  const watched: WatchedTrial[] = [];
  for (const [index, order] of orders.entries()) {
    const answer = answers[index];
    if (answer === undefined || answer.state === "refused") {
      stopped ??= answer?.reason ?? "stopped";
      continue;
    }
    const { result } = answer;
    if (isAway(result.failure)) away += 1;
    watched.push({ promptId: order.prompt.id, arm: order.arm, failure: result.failure });
    measurements.push({
      promptId: order.prompt.id,
      benchmarkId: order.benchmark.id,
      repeat: order.repeat,
      success: result.outcome === "success",
      score: result.score,
      costUsd: result.costUsd,
      latencyMs: result.latencyMs,
      behaviour: behaviourOf(result),
      ...(brokenClasses.has(result.failure?.errorClass ?? "") ? { broken: true } : {}),
    });
  }
  if (measurements.length >= 10 && away > measurements.length * awayShareMax)
    stopped = "provider-down";
  else if (isGraderDown(watched)) stopped = "grader-down";
  return { measurements, stopped };
}

function behaviourOf({ steps, outcome }: TrialResult): { digest: string; steps: number } {
  return { digest: contentHash({ steps, outcome }), steps: steps.length };
}

/** Orders of one prompt on every benchmark in `repeats` repeats from `offset` on. */
export function ordersFor(
  prompt: SearchPrompt,
  benchmarks: readonly Benchmark[],
  options: { offset: number; repeats: number; arm: Arm; experimentId: string },
): TrialOrder[] {
  return Array.from({ length: options.repeats }, (_, k) =>
    benchmarks.map((benchmark) => ({
      prompt,
      benchmark,
      repeat: options.offset + k,
      arm: options.arm,
      experimentId: options.experimentId,
    })),
  ).flat();
}

export interface PassCount {
  passes: number;
  trials: number;
}

/** Passes and trials by benchmark id. */
export function passCounts(measurements: readonly Measurement[]): Map<string, PassCount> {
  const counts = new Map<string, PassCount>();
  for (const { benchmarkId, success } of measurements) {
    const count = counts.get(benchmarkId) ?? { passes: 0, trials: 0 };
    counts.set(benchmarkId, { passes: count.passes + (success ? 1 : 0), trials: count.trials + 1 });
  }
  return counts;
}

/** Names one trial of a run: the same work measured twice is one trial. */
export function trialKey({
  promptId,
  benchmarkId,
  repeat,
}: Pick<Measurement, "promptId" | "benchmarkId" | "repeat">): string {
  return `${promptId}/${benchmarkId}/${repeat}`;
}

/** Measurements by prompt id, in their order. */
export function byPrompt(measurements: readonly Measurement[]): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const m of measurements) {
    const group = groups.get(m.promptId);
    if (group === undefined) groups.set(m.promptId, [m]);
    else group.push(m);
  }
  return groups;
}
