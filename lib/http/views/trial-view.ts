import type { Executor } from "#lib/db/client.ts";
import type { Page, PageRequest } from "#lib/db/cursor.ts";
import { requireExperiment } from "#lib/db/experiments.ts";
import { findTrials, listTrials, type StoredTrial, type TrialFilter } from "#lib/db/trials.ts";
import { AppError } from "../../errors.ts";
import type { TrialShape, TrialWithTrace } from "../shapes/trial.ts";

/** Throws AppError("not-found") for an unknown experiment. */
export async function trialPageOf(
  db: Executor,
  query: { experimentId: string } & TrialFilter & PageRequest,
): Promise<Page<TrialShape>> {
  await requireExperiment(db, query.experimentId);
  const { items, nextCursor } = await listTrials(db, query);
  return { items: items.map(figuresOf), nextCursor };
}

/** Throws AppError("not-found"). */
export async function trialDetail(db: Executor, evaluationKey: string): Promise<TrialWithTrace> {
  const stored = (await findTrials(db, [evaluationKey])).get(evaluationKey);
  if (stored === undefined) throw new AppError("not-found", `There is no trial ${evaluationKey}.`);
  const { agents, steps, criticVerdict, grades = [] } = stored.result;
  const graded = grades.map((own) => ({ ...own, costUsd: own.costUsd ?? 0 }));
  return { ...figuresOf(stored), agents, steps, criticVerdict, grades: graded };
}

function figuresOf({ result, runSeed: _, ...identity }: StoredTrial): TrialShape {
  const { agents: __, steps: ___, criticVerdict: ____, grades: _____, ...figures } = result;
  return { ...identity, ...figures };
}
