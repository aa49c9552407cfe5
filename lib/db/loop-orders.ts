/** Orders to the optimization loops: written by whoever asks, delivered to Temporal by the optimizer. */
import { z } from "zod";
import { type LoopOrderKind, loopOrderKinds } from "../domain/loop-order.ts";
import type { Database, Executor } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

export interface LoopOrder {
  id: string;
  agentType: string;
  kind: LoopOrderKind;
  cron: string | null;
  requestedBy: string;
  createdAt: Date;
  /** When Temporal had it, or had no use for it. */
  deliveredAt: Date | null;
  refusal: string | null;
  /** Why it waits, in words; null when nobody has tried yet. */
  failure: string | null;
}

export type NewLoopOrder = Pick<LoopOrder, "id" | "agentType" | "kind" | "cron" | "requestedBy">;

/** False when an order of this id is there already: it stays as it is. */
export async function createLoopOrder(db: Executor, order: NewLoopOrder): Promise<boolean> {
  const { count } = await db.loopOrder.createMany({ data: [order], skipDuplicates: true });
  return count === 1;
}

export async function getLoopOrder(db: Executor, id: string): Promise<LoopOrder | null> {
  const row = await db.loopOrder.findUnique({ where: { id } });
  return row === null ? null : fromRow(row);
}

/** The newest first. */
export async function listLoopOrders(
  db: Executor,
  { agentType, limit }: { agentType: string; limit: number },
): Promise<LoopOrder[]> {
  const rows = await db.loopOrder.findMany({
    where: { agentType },
    orderBy: { seq: "desc" },
    take: limit,
  });
  return rows.map(fromRow);
}

/** The last schedule or end of one that Temporal took. */
export async function lastScheduleOrder(
  db: Executor,
  agentType: string,
): Promise<LoopOrder | null> {
  const row = await db.loopOrder.findFirst({
    where: {
      agentType,
      kind: { in: ["schedule", "unschedule"] },
      deliveredAt: { not: null },
      refusal: null,
    },
    orderBy: { seq: "desc" },
  });
  return row === null ? null : fromRow(row);
}

/** Orders of these agent types that Temporal has not got yet. */
export function countWaitingOrders(db: Executor, agentTypes: readonly string[]): Promise<number> {
  return db.loopOrder.count({ where: { agentType: { in: [...agentTypes] }, deliveredAt: null } });
}

/** Whether such an order was given after a moment, delivered or not. */
export async function hasOrderSince(
  db: Executor,
  { agentType, kind, since }: { agentType: string; kind: LoopOrderKind; since: Date },
): Promise<boolean> {
  const where = { agentType, kind, createdAt: { gt: since } };
  return (await db.loopOrder.findFirst({ where })) !== null;
}

/**
 * Takes the oldest order that waits, for `leaseMs`; null when there is none. Never one before which another of the same
 * agent type waits, so that they arrive in order whoever delivers them.
 */
export async function claimLoopOrder(db: Database, leaseMs: number): Promise<LoopOrder | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE loop_orders SET claimed_until = now() + ${leaseMs} * interval '1 millisecond'
    WHERE id = (
      SELECT o.id FROM loop_orders o
      WHERE o.delivered_at IS NULL AND coalesce(o.claimed_until, '-infinity') < now()
        AND NOT EXISTS (
          SELECT 1 FROM loop_orders earlier
          WHERE earlier.agent_type = o.agent_type AND earlier.seq < o.seq
            AND earlier.delivered_at IS NULL)
      ORDER BY o.seq LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  const id = rows[0]?.id;
  return id === undefined ? null : getLoopOrder(db, id);
}

/** The order has arrived, or was refused for good with this reason. */
export async function settleLoopOrder(
  db: Executor,
  id: string,
  refusal: string | null,
): Promise<void> {
  await db.loopOrder.update({
    where: { id },
    data: { deliveredAt: new Date(), claimedUntil: null, failure: null, refusal },
  });
}

/** Keeps the order, with the reason, for a later try. */
export async function deferLoopOrder(
  db: Executor,
  id: string,
  { failure, againInMs }: { failure: string; againInMs: number },
): Promise<void> {
  await db.$executeRaw`
    UPDATE loop_orders SET failure = ${failure},
      claimed_until = now() + ${againInMs} * interval '1 millisecond'
    WHERE id = ${id}::uuid AND delivered_at IS NULL`;
}

function fromRow({ seq: _seq, claimedUntil: _until, ...row }: Prisma.LoopOrderModel): LoopOrder {
  return { ...row, kind: z.enum(loopOrderKinds).parse(row.kind) };
}
