import type { Executor } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { enqueue } from "#lib/db/outbox.ts";
import { budgetStatus } from "./status.ts";

/**
 * Tells the outside that a cap ended a run, in the transaction that ends it. A cap is told of once a day; a cap of
 * another amount is another cap.
 */
export async function tellExhausted(
  tx: Executor,
  { cap, day, optimizationId }: { cap: "day-cap" | "run-cap"; day: string; optimizationId: string },
): Promise<void> {
  const run = await requireOptimization(tx, optimizationId);
  const { capUsd, spentUsd } = cap === "day-cap" ? await budgetStatus(tx, day) : run;
  const owner = cap === "day-cap" ? "day" : optimizationId;
  await enqueue(
    tx,
    "budget.exhausted",
    { cap, day, capUsd, spentUsd, optimizationId, agentType: run.agentType },
    { onceKey: `budget.exhausted/${day}/${owner}/${capUsd}` },
  );
}
