import type { Executor } from "#lib/db/client.ts";
import { latestConfirmations } from "#lib/db/experiments.ts";

export interface Fitness {
  /** Success rate, 0..1. */
  value: number;
  /** True when it was measured with the simulated model. */
  simulated: boolean;
}

/**
 * The success rate that each prompt was last measured with: its confirmation's where there is one, else that of
 * its newest generation. Prompts that were never measured are left out.
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
      owner: { select: { optimization: { select: { simulated: true } } } },
    },
    // The newest measurement is written last and wins.
    orderBy: [{ owner: { at: "asc" } }, { generation: "asc" }],
  });
  const scores = new Map<string, Fitness>(
    individuals.map(({ promptId, successRate: value, owner }) => [
      promptId,
      { value, simulated: owner.optimization.simulated },
    ]),
  );
  for (const [promptId, { verdict, simulated }] of await latestConfirmations(db, promptIds)) {
    if (verdict !== null)
      scores.set(promptId, { value: verdict.candidateSuccess.value, simulated });
  }
  return scores;
}
