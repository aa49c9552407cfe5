import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import type { TrialOrder } from "#lib/engine/contract.ts";
import { loadShape, searchPrompt } from "#lib/engine/load-shape.ts";
import { StubPool } from "#lib/engine/testing/stub-pool.ts";
import type { TrialShape } from "#lib/engine/trial-shape.ts";
import { builtInRoster } from "#lib/executors/roster.ts";

/** Trials of a stored run's own prompt, the same in every process that asks. */
export async function chaosOrders(
  db: Database,
  runId: string,
): Promise<{ shape: TrialShape; orders: (count: number) => TrialOrder[] }> {
  const run = await requireOptimization(db, runId);
  const shape = await loadShape(db, run, builtInRoster(new StubPool()));
  const prompt = searchPrompt(await requirePrompt(db, run.incumbentId));
  const benchmarks = await loadSuite(db, shape.agent.suite);
  const orders = (count: number) =>
    Array.from({ length: count }, (_, index): TrialOrder => {
      const benchmark = benchmarks[index % benchmarks.length];
      if (benchmark === undefined) throw new Error("the workbench has benchmarks");
      const repeat = Math.floor(index / benchmarks.length);
      return { prompt, benchmark, repeat, arm: "candidate", experimentId: runId };
    });
  return { shape, orders };
}
