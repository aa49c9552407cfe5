import { randomUUID } from "node:crypto";
import { appendAudit } from "../audit/append-audit.ts";
import { requireAgentType } from "../db/agent-types.ts";
import type { Database } from "../db/client.ts";
import {
  countWaitingOrders,
  createLoopOrder,
  getLoopOrder,
  type LoopOrder,
} from "../db/loop-orders.ts";
import { inTransaction } from "../db/transaction.ts";
import type { LoopOrderRequest } from "../domain/loop-order.ts";
import { AppError, invariant } from "../errors.ts";

const waitingMax = 100;

/**
 * Writes an order to an agent type's loop down; the optimizer delivers it as soon as Temporal is there. An order whose
 * id is known changes nothing and is answered with `isNew` false. Throws AppError("not-found") for an unknown agent
 * type, AppError("too-many-requests") while a hundred orders wait.
 */
export async function orderLoop(
  db: Database,
  order: LoopOrderRequest & { agentType: string; requestedBy: string; id?: string },
): Promise<{ order: LoopOrder; isNew: boolean }> {
  const { agentType, kind, cron = null, requestedBy, id = randomUUID() } = order;
  await requireAgentType(db, agentType);
  return inTransaction(db, async (tx) => {
    if ((await countWaitingOrders(tx, [agentType])) >= waitingMax)
      throw new AppError(
        "too-many-requests",
        `${waitingMax} orders to the loop of the ${agentType} wait for Temporal already.`,
      );
    const isNew = await createLoopOrder(tx, { id, agentType, kind, cron, requestedBy });
    if (isNew)
      await appendAudit(tx, {
        actor: requestedBy,
        action: `loop.${kind}`,
        subject: `agent:${agentType}`,
        after: { order: id, cron },
      });
    const written = await getLoopOrder(tx, id);
    invariant(written !== null, "an order that was written is there");
    return { order: written, isNew };
  });
}
