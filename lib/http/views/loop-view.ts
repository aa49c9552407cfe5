import type { Client } from "@temporalio/client";
import type { Database } from "#lib/db/client.ts";
import { type LoopOrder, lastScheduleOrder, listLoopOrders } from "#lib/db/loop-orders.ts";
import { AppError } from "#lib/errors.ts";
import type { LoopState } from "#lib/temporal/loop-contract.ts";
import { loopState } from "#lib/temporal/optimization-loop.ts";
import type { LoopOrderShape, LoopShape } from "../shapes/loop.ts";

const ordersShown = 20;
/** A page waits for this, so it is short. */
const answerMs = 1_500;

/** An agent type's loop as Temporal tells it, with the orders that are kept here; answers whatever Temporal does. */
export async function loopView(
  db: Database,
  client: Client | null,
  agentType: string,
): Promise<LoopShape> {
  const [orders, schedule, known] = await Promise.all([
    listLoopOrders(db, { agentType, limit: ordersShown }),
    lastScheduleOrder(db, agentType),
    client === null ? { state: null, unknown: null } : stateOf(client, agentType),
  ]);
  return {
    agentType,
    configured: client !== null,
    state: known.state === null ? null : stateShape(known.state),
    unknown: known.unknown,
    cron: schedule?.kind === "schedule" ? schedule.cron : null,
    orders: orders.map(loopOrderShape),
  };
}

export function loopOrderShape(order: LoopOrder): LoopOrderShape {
  const { id, kind, cron, requestedBy, createdAt, deliveredAt, refusal, failure } = order;
  return {
    id,
    kind,
    cron,
    requestedBy,
    createdAt: createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    refusal,
    waiting: failure,
  };
}

async function stateOf(
  client: Client,
  agentType: string,
): Promise<{ state: LoopState | null; unknown: string | null }> {
  try {
    return { state: await loopState(client, agentType, answerMs), unknown: null };
  } catch (error) {
    if (error instanceof AppError && error.code === "not-found")
      return { state: null, unknown: null };
    // Temporal or its workers are away: what is known here is shown all the same.
    return { state: null, unknown: "Temporal or its workers do not answer." };
  }
}

function stateShape({ paused, stopping, current, waiting, counts, last }: LoopState) {
  return {
    paused,
    stopping,
    currentOptimizationId: current?.optimization_id ?? null,
    waiting,
    ...counts,
    last:
      last === null
        ? null
        : {
            optimizationId: last.optimization_id,
            state: last.state,
            reason: last.reason,
            trialsDone: last.trials_done,
          },
  };
}
