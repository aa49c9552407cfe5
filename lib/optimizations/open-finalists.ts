import type { Executor } from "../db/client.ts";
import { latestConfirmations, listExperiments } from "../db/experiments.ts";
import { requireOptimization } from "../db/optimizations.ts";
import { loadPrompts, type PromptRecord } from "../db/prompts.ts";
import { getTag, prodTag } from "../db/tags.ts";
import { isProvable } from "../domain/lifecycle.ts";

/** More finalists than a run can have. */
const confirmationsMax = 100;

/**
 * Finalists of a run that production has left behind: their newest proof compares them with another prompt than the one in
 * production now. A new proof can tell whether they add to it. Those that a proof rejected, or that people rejected, are
 * left out. Throws AppError("not-found") for an unknown run.
 */
export async function openFinalists(db: Executor, optimizationId: string): Promise<PromptRecord[]> {
  const { agentType } = await requireOptimization(db, optimizationId);
  const prod = await getTag(db, agentType, prodTag);
  if (prod === null) return [];
  const { items } = await listExperiments(db, {
    optimizationId,
    kind: "confirm",
    status: "finished",
    limit: confirmationsMax,
  });
  const ids = [...new Set(items.toReversed().map(({ promptId }) => promptId))];
  const newest = await latestConfirmations(db, ids);
  const finalists = await loadPrompts(db, ids);
  return finalists.filter(({ id, status }) => {
    const proof = newest.get(id);
    return (
      isProvable(status) &&
      proof !== undefined &&
      proof.baselinePromptId !== prod.promptId &&
      proof.verdict?.kind !== "reject"
    );
  });
}
