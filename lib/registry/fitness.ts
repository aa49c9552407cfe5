import type { Executor } from "#lib/db/client.ts";
import { type Experiment, listConfirmationsOf } from "#lib/db/experiments.ts";
import type { Estimate, Verdict } from "#lib/domain/experiment.ts";
import type { SuccessFigure } from "#lib/domain/success-figure.ts";
import { searchEstimate } from "./search-estimate.ts";

export interface Fitness extends SuccessFigure {
  /** True when it was measured with the simulated model. */
  simulated: boolean;
}

/**
 * The one success rate of each prompt: confirmed where a proof measured it on sealed rows, as a finalist or as the
 * prompt that finalists were compared with, the newest proof first; else estimated from its newest population. Prompts
 * that were never measured are left out.
 */
export async function fitnessScores(
  db: Executor,
  promptIds: readonly string[],
): Promise<Map<string, Fitness>> {
  const individuals = await db.individual.findMany({
    where: { promptId: { in: [...promptIds] } },
    select: {
      promptId: true,
      successRate: true,
      successes: true,
      trials: true,
      owner: { select: { optimization: { select: { simulated: true } } } },
    },
    // The newest measurement is written last and wins.
    orderBy: [{ owner: { at: "asc" } }, { generation: "asc" }],
  });
  const scores = new Map<string, Fitness>(
    individuals.map(({ promptId, successRate, successes, trials, owner }) => [
      promptId,
      {
        ...searchEstimate({ rate: successRate, successes, trials }),
        kind: "estimated",
        simulated: owner.optimization.simulated,
      },
    ]),
  );
  const asked = new Set(promptIds);
  for (const experiment of await listConfirmationsOf(db, promptIds)) {
    for (const [promptId, figure] of figuresOf(experiment)) {
      // A figure of rows that were chosen for failing confirms nothing and yields to what a proof found.
      const known = scores.get(promptId)?.kind;
      if (asked.has(promptId) && (figure.kind === "confirmed" || known !== "confirmed"))
        scores.set(promptId, { ...figure, simulated: experiment.simulated });
    }
  }
  return scores;
}

/** What one confirmation says of its two prompts. */
function figuresOf({
  promptId,
  baselinePromptId,
  verdict,
}: Experiment): (readonly [string, SuccessFigure])[] {
  if (verdict === null) return [];
  const arms: (readonly [string, Estimate])[] = [[promptId, verdict.candidateSuccess]];
  if (baselinePromptId !== null && verdict.proof !== null)
    arms.push([baselinePromptId, verdict.baselineSuccess]);
  return arms
    .filter(([, { n }]) => n > 0)
    .map(([id, { value, low, high, n }]) => [id, { value, low, high, n, kind: kindOf(verdict) }]);
}

function kindOf({ proof }: Verdict): SuccessFigure["kind"] {
  return proof === null ? "estimated" : "confirmed";
}
