import type { Executor } from "#lib/db/client.ts";
import { latestConfirmations } from "#lib/db/experiments.ts";

/**
 * The success rate (0..1) that each prompt was last measured with: its confirmation's where there is one, else that of
 * its newest generation. Prompts that were never measured are left out.
 */
export async function fitnessScores(
  db: Executor,
  promptIds: readonly string[],
): Promise<Map<string, number>> {
  const individuals = await db.individual.findMany({
    where: { promptId: { in: [...promptIds] } },
    select: { promptId: true, successRate: true },
    // The newest measurement is written last and wins.
    orderBy: [{ owner: { at: "asc" } }, { generation: "asc" }],
  });
  const scores = new Map(individuals.map((row) => [row.promptId, row.successRate]));
  for (const [promptId, { verdict }] of await latestConfirmations(db, promptIds)) {
    if (verdict !== null) scores.set(promptId, verdict.candidateSuccess.value);
  }
  return scores;
}
