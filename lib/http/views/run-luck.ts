/**
 * "The incumbent, searched twice": what the best of as many equal prompts would have shown, by resampling the trials of
 * today's prompt on learning rows. It orders no trial.
 */
import { z } from "zod";
import { draw } from "#lib/random.ts";
import { bestOfEquals } from "#lib/stats/best-of-equals.ts";
import type { OptimizationDetail } from "../shapes/optimization.ts";
import type { RunReport } from "../shapes/report.ts";

/** Enough for whole percents of an interval, and quick enough to answer a request with. */
const resamples = 400;

/** Runs of version 0.1 kept their trials under other names, or in no step. */
const learning = z.object({
  /** All rows that the run may learn from. */
  order: z.array(z.string()),
  measurements: z.array(
    z.object({ promptId: z.string(), benchmarkId: z.string(), success: z.boolean() }),
  ),
});

interface Source {
  steps: readonly { step: string; output: unknown }[];
  detail: Pick<OptimizationDetail, "seed" | "generationsDone" | "dropped">;
  incumbentId: string;
}

/** Null before anything was learnt or searched. */
export function incumbentSearchedTwice(source: Source): RunReport["searchedTwice"] {
  const stored = learning.safeParse(source.steps.find(({ step }) => step === "calibrate")?.output);
  if (!stored.success) return null;
  const outcomes = learntOutcomes(stored.data, source.incumbentId);
  const rowsOf = rowsOfRivals(source, stored.data.order.length);
  const best = bestOfEquals({
    outcomes,
    rowsOf,
    draws: draw(source.detail.seed, "the incumbent, searched twice"),
    resamples,
  });
  if (best === null) return null;
  const trials = outcomes.reduce((sum, own) => sum + own.length, 0);
  return { ...best, prompts: rowsOf.length, rows: outcomes.length, trials };
}

function learntOutcomes(
  { measurements }: z.infer<typeof learning>,
  incumbentId: string,
): number[][] {
  const byRow = new Map<string, number[]>();
  for (const { promptId, benchmarkId, success } of measurements) {
    if (promptId !== incumbentId) continue;
    byRow.set(benchmarkId, [...(byRow.get(benchmarkId) ?? []), success ? 1 : 0]);
  }
  return [...byRow.values()];
}

/**
 * Rows of each prompt that competed for the first place; one that left the race early is easily lucky on its few. Trials
 * beyond the number of rows are repeats, which are no rows.
 */
function rowsOfRivals(
  { detail: { generationsDone, dropped } }: Source,
  rowsMost: number,
): number[] {
  const left = new Set(dropped.map(({ promptId }) => promptId));
  const measured = new Map<string, number>();
  for (const { individuals } of generationsDone)
    for (const { promptId, isIncumbent, success } of individuals)
      if (!isIncumbent && !left.has(promptId) && success.n > 0)
        measured.set(promptId, Math.min(success.n, rowsMost));
  return [...measured.values()];
}
