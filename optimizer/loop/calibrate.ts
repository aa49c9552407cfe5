/**
 * Calibrate: today's prompt runs on rows that are not sealed, to find what fails and what passes. Targets fail in most
 * of their runs: where the search learns. Controls pass more often than not, and a finalist must keep them. Neither says
 * how good a prompt is on other rows: targets were chosen because they fail, so any other prompt does better on them.
 */
import { z } from "zod";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { repeatBehaviour } from "#lib/domain/optimization.ts";
import { type Measurement, measurement, passCounts } from "../measurement.ts";

export const calibration = z.object({
  /** Whether repeats differ: as declared, as probed, or "vary" where neither told. */
  repeats: repeatBehaviour,
  /** Pairs of equal requests that the probe compared, and how many of them differed; null when it was declared. */
  probe: z.object({ pairs: z.int(), differed: z.int() }).nullable(),
  /** Learning rows in the one order of the run, by id. */
  order: z.array(z.string()),
  measurements: z.array(measurement),
  /** Rows whose outcome comes from a production run of the same prompt: they were not ordered. */
  journalRows: z.array(z.string()).default([]),
  targets: z.array(z.string()),
  controls: z.array(z.string()),
  /** Benchmarks that score no child: examples are mined here. */
  examplePool: z.array(z.string()),
});
export type Calibration = z.infer<typeof calibration>;

export interface CalibrationSizes {
  targets: number;
  controls: number;
  /** Benchmarks that today's prompt is measured on, from the front of the order. */
  rows: number;
  /** Of those that passed, how many run again before some become controls. */
  controlRows: number;
}

/** Runs from which a rate is known well enough to prefer it to a single pass. */
const knownRuns = 3;
/** Rows beyond those that are measured first, which examples may come from. */
const unmeasuredKept = 40;

/**
 * Rows that passed, twice as many as controls are wanted: they run again before one of them may condemn a prompt. One
 * pass says little: of rows that pass half of the time, every second one shows it. Required ones come first.
 */
export function controlsToAdmit(
  order: readonly Benchmark[],
  measurements: readonly Measurement[],
  { controlRows }: Pick<CalibrationSizes, "controlRows">,
): string[] {
  const rateOf = passRates(measurements);
  return requiredFirst(order.filter(({ id }) => rateOf(id) > 0.5))
    .slice(0, controlRows)
    .map(({ id }) => id);
}

/** Targets and controls from the incumbent's runs, those of the admission with them. */
export function chooseBenchmarks(
  order: readonly Benchmark[],
  measurements: readonly Measurement[],
  sizes: CalibrationSizes,
): Pick<Calibration, "targets" | "controls" | "examplePool"> {
  const rateOf = passRates(measurements);
  const counts = passCounts(measurements);
  const measured = order.filter(({ id }) => counts.has(id));
  const failing = measured
    .filter(({ id }) => rateOf(id) <= 0.5)
    .sort((a, b) => rateOf(a.id) - rateOf(b.id));
  const trialsOf = (id: string) => counts.get(id)?.trials ?? 0;
  const isKnown = (id: string) => trialsOf(id) >= knownRuns;
  // A single pass is luck as often as not: what went through the admission comes first, the surest first.
  const passing = requiredFirst(measured.filter(({ id }) => rateOf(id) > 0.5)).sort(
    (a, b) =>
      Number(b.required) - Number(a.required) ||
      Number(isKnown(b.id)) - Number(isKnown(a.id)) ||
      rateOf(b.id) - rateOf(a.id) ||
      trialsOf(b.id) - trialsOf(a.id),
  );
  const targets = failing.slice(0, sizes.targets).map(({ id }) => id);
  const controls = passing.slice(0, sizes.controls).map(({ id }) => id);
  const scored = new Set([...targets, ...controls]);
  const pool = order.slice(0, sizes.rows + unmeasuredKept).filter(({ id }) => !scored.has(id));
  return { targets, controls, examplePool: pool.map(({ id }) => id) };
}

/** How many pairs of equal requests were answered differently: by what the agents did, step by step. */
export function differingPairs(measurements: readonly Measurement[]): {
  pairs: number;
  differed: number;
} {
  const digests = new Map<string, Set<string>>();
  const runs = new Map<string, number>();
  for (const { benchmarkId, behaviour, success } of measurements) {
    const digest = behaviour?.digest ?? String(success);
    digests.set(benchmarkId, (digests.get(benchmarkId) ?? new Set()).add(digest));
    runs.set(benchmarkId, (runs.get(benchmarkId) ?? 0) + 1);
  }
  const paired = [...digests].filter(([id]) => (runs.get(id) ?? 0) > 1);
  return {
    pairs: paired.length,
    differed: paired.filter(([, different]) => different.size > 1).length,
  };
}

function requiredFirst(benchmarks: readonly Benchmark[]): Benchmark[] {
  return [...benchmarks].sort((a, b) => Number(b.required) - Number(a.required));
}

/** Pass rate of each benchmark over its runs; 0 for one without. */
function passRates(measurements: readonly Measurement[]): (id: string) => number {
  const counts = passCounts(measurements);
  return (id) => {
    const count = counts.get(id);
    return count === undefined || count.trials === 0 ? 0 : count.passes / count.trials;
  };
}
