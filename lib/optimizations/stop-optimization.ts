import { appendAudit } from "../audit/append-audit.ts";
import type { Database } from "../db/client.ts";
import { type Optimization, requestStop, requireOptimization } from "../db/optimizations.ts";
import { inTransaction } from "../db/transaction.ts";

/**
 * Asks a run to end with what it has; asking again, or after its end, changes nothing. Throws AppError("not-found").
 */
export async function stopOptimization(
  db: Database,
  id: string,
  actor: string,
): Promise<Optimization> {
  return inTransaction(db, async (tx) => {
    const before = await requireOptimization(tx, id);
    const after = await requestStop(tx, id);
    if (before.stopRequestedAt !== null || after.stopRequestedAt === null) return after;
    await appendAudit(tx, {
      actor,
      action: "optimization.stop",
      subject: `optimization:${id}`,
      before: { state: before.state },
      after: { state: after.state },
    });
    return after;
  });
}
