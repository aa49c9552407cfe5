/**
 * Carries orders from their rows to Temporal: what was written while Temporal was away, or by a process that died
 * before it could tell, arrives all the same. An order that arrives twice is one order: wishes carry their row's id.
 */
import { type Client, isGrpcServiceError } from "@temporalio/client";
import type { Database } from "../db/client.ts";
import {
  claimLoopOrder,
  deferLoopOrder,
  type LoopOrder,
  settleLoopOrder,
} from "../db/loop-orders.ts";
import { AppError } from "../errors.ts";
import {
  pauseLoop,
  requestGeneration,
  scheduleGenerations,
  tellLoop,
  unscheduleGenerations,
} from "./optimization-loop.ts";

/** Longer than a delivery may take: nobody else delivers it meanwhile. */
const leaseMs = 20_000;
const againInMs = 2_000;
const ordersPerRound = 100;
const invalidArgument = 3;

/** One round over what waits; ends at the first order that Temporal does not take now. Answers how many arrived. */
export async function deliverLoopOrders(
  db: Database,
  client: Client,
  queue: string,
): Promise<number> {
  for (let arrived = 0; arrived < ordersPerRound; arrived++) {
    const order = await claimLoopOrder(db, leaseMs);
    if (order === null) return arrived;
    try {
      await deliver(client, queue, order);
      await settleLoopOrder(db, order.id, null);
    } catch (error) {
      const words = reasonOf(error);
      if (!isFinal(error)) {
        await deferLoopOrder(db, order.id, { failure: words, againInMs });
        return arrived;
      }
      await settleLoopOrder(db, order.id, words);
    }
  }
  return ordersPerRound;
}

async function deliver(client: Client, queue: string, order: LoopOrder): Promise<void> {
  const { agentType, kind, cron, requestedBy: requested_by } = order;
  switch (kind) {
    case "generation": {
      const request = { request_id: order.id, requested_by, optimization_id: null };
      return requestGeneration(client, queue, { agentType, request });
    }
    case "pause":
      return pauseLoop(client, queue, agentType);
    case "resume":
    case "stop":
      return tellLoop(client, agentType, kind);
    case "schedule":
      return scheduleGenerations(client, queue, { agentType, cron: cron ?? "" });
    case "unschedule":
      await unscheduleGenerations(client, agentType);
  }
}

/** Trying again does not cure it. */
function isFinal(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "not-found";
  // What the client makes of times that the server cannot read.
  return error instanceof TypeError || grpcOf(error)?.code === invalidArgument;
}

function reasonOf(error: unknown): string {
  const words = grpcOf(error)?.details ?? (error instanceof Error ? error.message : String(error));
  return words.slice(0, 300);
}

/** The server's own answer, which the client wraps. */
function grpcOf(error: unknown) {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : null;
  return isGrpcServiceError(cause) ? cause : null;
}
