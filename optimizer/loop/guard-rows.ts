/**
 * Where repeats are copies, what a finalist did in the search is what it would do in its regression run: nothing is ordered
 * twice. So the trials that the plan has for that run are the search's, if it runs every finalist on those rows itself.
 */
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";
import type { Calibration } from "./calibrate.ts";

export interface GuardRows {
  /** Rows of the regression run that score prompts in the search; empty where repeats differ. */
  ids: readonly string[];
  /** Trials of the plan's regression runs that the search may use. */
  trials: number;
}

export function guardRows(
  plan: Pick<StagePlan, "guards" | "proof">,
  calibration: Pick<Calibration, "repeats" | "targets" | "controls">,
  scoringIds: readonly string[],
): GuardRows {
  if (calibration.repeats !== "same") return { ids: [], trials: 0 };
  const all = [...calibration.targets.slice(0, plan.guards.targets), ...calibration.controls];
  const ids = all.filter((id) => scoringIds.includes(id));
  return { ids, trials: Math.min(plan.guards.trials, plan.proof.finalists * ids.length) };
}
