/** A small stored run for tests, and everything that it leaves. */
import { createDatabase, type Database } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";

const config = (seed: number) =>
  optimizationConfig.parse({
    seed,
    calls: 220,
    populationSize: 4,
    offspringSize: 4,
    concurrency: 4,
  });

/** Seeds an empty database and queues a small run in it; answers the run's id. */
export async function prepareRun(url: string, seed: number): Promise<string> {
  const { db, close } = createDatabase({ url });
  await seedWorkbench(db);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: config(seed),
    trigger: "test",
    createdBy: "test",
  });
  await close();
  return id;
}

/** Everything a run leaves that is not an id or a time, with content hashes for ids. */
export async function finalRows(db: Database, id: string) {
  const prompts = await db.prompt.findMany({ include: { status: true, parents: true } });
  const hashOf = new Map(prompts.map((prompt) => [prompt.id, prompt.contentHash]));
  const run = await requireOptimization(db, id);
  const individuals = await db.individual.findMany({ where: { optimizationId: id } });
  const generations = await db.generation.findMany({
    where: { optimizationId: id },
    orderBy: { number: "asc" },
  });
  const experiments = await db.experiment.findMany({ where: { optimizationId: id } });
  const trials = await db.trial.findMany({ orderBy: { evaluationKey: "asc" } });
  const calls = await db.llmCall.findMany({ orderBy: { callKey: "asc" } });
  const sorted = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort();
  return {
    run: {
      state: run.state,
      outcome: run.outcome,
      spentUsd: run.spentUsd,
      reservedUsd: run.reservedUsd,
    },
    prompts: sorted(
      prompts.map((p) => ({
        hash: p.contentHash,
        version: p.version,
        status: p.status?.status,
        parents: p.parents.map((edge) => [
          hashOf.get(edge.parentId),
          edge.operator,
          edge.generation,
        ]),
      })),
    ),
    individuals: sorted(
      individuals.map(({ optimizationId: _, promptId, ...rest }) => ({
        ...rest,
        hash: hashOf.get(promptId),
      })),
    ),
    generations: generations.map(({ number, hypervolume }) => ({ number, hypervolume })),
    experiments: sorted(
      experiments.map((e) => ({
        kind: e.kind,
        status: e.status,
        generation: e.generation,
        hash: hashOf.get(e.promptId),
        verdict: JSON.stringify(e.verdict)?.replace(/"benchmarkId":"[^"]*"/g, ""),
      })),
    ),
    trials: trials.map((t) => ({
      key: t.evaluationKey,
      outcome: t.outcome,
      score: t.score,
      costUsd: t.costUsd,
      latencyMs: t.latencyMs,
    })),
    calls: calls.map((c) => ({ key: c.callKey, costUsd: c.costUsd, reply: c.reply })),
  };
}
