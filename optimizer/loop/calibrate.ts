/**
 * Calibrate: the incumbent runs on a sample of the suite, several times, to find what fails and what passes. Targets
 * fail in most of the repeats; controls pass in all. A sealed holdout is put aside first; nothing that proposes
 * prompts ever sees it. Search and confirmation measure the incumbent again on fresh repeats, so a benchmark that
 * failed by bad luck here does not count as a fix later (regression to the mean).
 */
import { z } from "zod";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import { draw } from "#lib/random.ts";
import { type Measurement, measurement, passCounts } from "../measurement.ts";

export const benchmarkSplit = z.object({
  /** Run by the calibration. */
  calibration: z.array(z.string()),
  /** Sealed: measured once, at the end. */
  holdout: z.array(z.string()),
  /** Some of those that this run never measures: rows with known answers among them serve as examples for nothing. */
  unmeasured: z.array(z.string()).default([]),
});
export type BenchmarkSplit = z.infer<typeof benchmarkSplit>;

export const calibration = z.object({
  split: benchmarkSplit,
  measurements: z.array(measurement),
  targets: z.array(z.string()),
  controls: z.array(z.string()),
  /** Benchmarks that score no child: examples are mined here. */
  examplePool: z.array(z.string()),
});
export type Calibration = z.infer<typeof calibration>;

const unmeasuredKept = 40;

/** Puts the holdout aside and draws the calibration sample, a family at a time so that each is represented. */
export function splitBenchmarks(
  benchmarks: readonly Benchmark[],
  config: OptimizationConfig,
): BenchmarkSplit {
  const order = spread(draw(config.seed, "split").shuffle(benchmarks));
  const { targets, controls, holdout, calibrationBenchmarks } = config.experiment;
  // A small suite keeps at least what the experiment needs; the holdout shrinks first.
  const holdoutSize = Math.max(
    0,
    Math.min(holdout, order.length - Math.min(order.length, targets + controls)),
  );
  const sealed = order.slice(0, holdoutSize);
  const sample = order.slice(holdoutSize, holdoutSize + calibrationBenchmarks);
  const unmeasured = order.slice(
    holdoutSize + calibrationBenchmarks,
    holdoutSize + calibrationBenchmarks + unmeasuredKept,
  );
  return {
    calibration: sample.map((b) => b.id),
    holdout: sealed.map((b) => b.id),
    unmeasured: unmeasured.map((b) => b.id),
  };
}

/**
 * Benchmarks that passed in every calibration run, twice as many as controls are wanted: they run again before one of
 * them may condemn a prompt. Three passes prove little: of benchmarks that pass two times in three, three in ten show
 * them. None where controls are rows drawn from a population, of which some may be lost.
 */
export function controlsToAdmit(
  split: BenchmarkSplit,
  measurements: readonly Measurement[],
  config: OptimizationConfig,
): string[] {
  const { controls, controlAdmissionRepeats, controlLossMax } = config.experiment;
  if (controlLossMax > 0 || controlAdmissionRepeats === 0) return [];
  const rateOf = rates(measurements);
  return rankedBenchmarks(split, config)
    .filter((id) => rateOf(id) === 1)
    .slice(0, 2 * controls);
}

/** Chooses targets and controls from the incumbent's calibration, the admission of the controls with it. */
export function chooseBenchmarks(
  split: BenchmarkSplit,
  measurements: readonly Measurement[],
  config: OptimizationConfig,
): Calibration {
  const rateOf = rates(measurements);
  const ranked = rankedBenchmarks(split, config);
  const failing = [...ranked]
    .filter((id) => rateOf(id) <= 0.5)
    .sort((a, b) => rateOf(a) - rateOf(b));
  const counts = passCounts(measurements);
  const trialsMax = Math.max(0, ...[...counts.values()].map(({ trials }) => trials));
  // After an admission only what went through it may be a control.
  const passing = ranked.filter((id) => rateOf(id) === 1 && counts.get(id)?.trials === trialsMax);
  const controls = passing.slice(0, config.experiment.controls);
  const targets = failing.slice(0, config.experiment.targets);
  const scored = new Set([...targets, ...controls]);
  return {
    split,
    measurements: [...measurements],
    targets,
    controls,
    examplePool: [...split.calibration.filter((id) => !scored.has(id)), ...split.unmeasured],
  };
}

function rankedBenchmarks(split: BenchmarkSplit, { seed }: OptimizationConfig): string[] {
  return draw(seed, "targets").shuffle(split.calibration);
}

function rates(measurements: readonly Measurement[]): (id: string) => number {
  const counts = passCounts(measurements);
  return (id) => {
    const count = counts.get(id);
    return count === undefined || count.trials === 0 ? 0 : count.passes / count.trials;
  };
}

/** Round robin over the families, so that a prefix holds each family about equally often. */
function spread(benchmarks: readonly Benchmark[]): Benchmark[] {
  const groups = new Map<string, Benchmark[]>();
  for (const benchmark of benchmarks) {
    const key = benchmark.family ?? benchmark.expected ?? "";
    groups.set(key, [...(groups.get(key) ?? []), benchmark]);
  }
  const queues = [...groups.values()];
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, i) =>
    queues.flatMap((queue) => queue[i] ?? []),
  ).flat();
}
