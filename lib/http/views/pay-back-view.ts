import type { Executor } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { payBackOf } from "#lib/optimizations/pay-back.ts";
import { spendingOf } from "#lib/optimizations/spending.ts";
import type { ExperimentDetail } from "../shapes/experiment.ts";
import type { PayBackShape } from "../shapes/pay-back.ts";
import { experimentDetail } from "./experiment-view.ts";

/** When the candidate of a confirmation pays back a search that cost so much; null without a verdict or trials. */
export async function experimentPayBack(
  db: Executor,
  experimentId: string,
  searchUsd: number,
): Promise<PayBackShape | null> {
  return payBackFrom(await experimentDetail(db, experimentId), searchUsd);
}

/** As experimentPayBack for an experiment at hand, with what its run spent; null without a run too. */
export async function packetPayBack(
  db: Executor,
  experiment: ExperimentDetail,
): Promise<PayBackShape | null> {
  const { optimization_id: optimizationId } = experiment;
  if (optimizationId === null) return null;
  const { totalUsd } = await spendingOf(db, await requireOptimization(db, optimizationId));
  return payBackFrom(experiment, totalUsd);
}

function payBackFrom({ verdict, rows }: ExperimentDetail, searchUsd: number): PayBackShape | null {
  // The cost of a call is that of random rows, as in the verdict; runs of version 0.1 had none.
  const sealed = rows.filter(({ role }) => role === "sealed");
  const arms = (sealed.length > 0 ? sealed : rows).map(({ baseline }) => baseline);
  const trials = arms.reduce((sum, arm) => sum + arm.trials, 0);
  if (verdict === null || verdict.costRatio.n === 0 || trials === 0) return null;
  const total = arms.reduce((sum, { meanCostUsd, trials: n }) => sum + meanCostUsd * n, 0);
  return payBackOf({ searchUsd, baselineUsdPerCall: total / trials, verdict });
}
