import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { execute, parseStored, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { eventBody } from "./event-body.ts";
import { webhookIdOf } from "./signature.ts";
import { lockWebhook, requireWebhook, type Webhook } from "./webhooks.ts";

export const deliveryStatuses = ["pending", "delivered", "failed"] as const;
export const deliveryStatus = z.enum(deliveryStatuses);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

/** One event for one webhook, with what its last attempt came to. */
export interface Delivery {
  id: string;
  webhookId: string;
  /** The `webhook-id` that the receiver sees, the same in every attempt. */
  eventId: string;
  event: string;
  status: DeliveryStatus;
  /** Since the event, or since the last retry by hand. */
  attempts: number;
  lastAttemptAt: Date | null;
  nextAttemptAt: Date | null;
  responseStatus: number | null;
  responseExcerpt: string | null;
  durationMs: number | null;
  /** Why the last attempt was no success. */
  error: string | null;
  createdAt: Date;
}

export const testTopic = "webhook.test";
const newestKey = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });
const withEvent = { event: { select: { eventId: true, topic: true } } } as const;

/** The log of a webhook, newest first. Throws AppError("not-found"). */
export async function listDeliveries(
  db: Executor,
  query: { webhookId: string; status?: DeliveryStatus | undefined } & PageRequest,
): Promise<Page<Delivery>> {
  const { webhookId, status } = query;
  await requireWebhook(db, webhookId);
  const limit = pageLimit(query);
  const after = decodeCursor(newestKey, query.cursor);
  const rows = await db.webhookDelivery.findMany({
    where: {
      webhookId,
      ...(status === undefined ? {} : { status }),
      ...(after === null
        ? {}
        : {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { gt: after.id } },
            ],
          }),
    },
    include: withEvent,
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: limit + 1,
  });
  const key = ({ createdAt, id }: DeliveryRow) => ({ createdAt: createdAt.toISOString(), id });
  return pageOf(rows, limit, { item: fromRow, key });
}

export interface DeliveryChange {
  actor: string;
  clock?: Clock;
}

/**
 * Sends an event that says nothing to one webhook alone, whatever it asked for. Throws AppError("not-found"), and
 * AppError("conflict") for one that is switched off.
 */
export async function sendTest(
  db: Database,
  webhookId: string,
  { actor, clock = systemClock }: DeliveryChange,
): Promise<Delivery> {
  return inTransaction(db, async (tx) => {
    requireOn(await lockWebhook(tx, webhookId));
    const now = clock.now();
    const event = { topic: testTopic, createdAt: now, payload: { webhookId, requestedBy: actor } };
    const body = await eventBody(tx, event);
    const { id: outboxId } = await tx.outbox.create({
      data: { ...event, body, dispatchedAt: now },
    });
    const row = await tx.webhookDelivery.create({
      data: { id: randomUUID(), outboxId, webhookId, nextAttemptAt: now },
      include: withEvent,
    });
    const subject = `webhook:${webhookId}`;
    await appendAudit(tx, { actor, action: "webhook.test", subject, after: { delivery: row.id } });
    return fromRow(row);
  });
}

/**
 * Makes a delivery due at once, with all its attempts before it: a failed one, one that waits, or one that arrived and
 * was lost by its receiver. Throws AppError("not-found"), and AppError("conflict") while an attempt is under way or when
 * the webhook is switched off.
 */
export async function retryDelivery(
  db: Database,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
  { actor, clock = systemClock }: DeliveryChange,
): Promise<Delivery> {
  return inTransaction(db, async (tx) => {
    requireOn(await lockWebhook(tx, webhookId));
    await execute(
      tx,
      sql`SELECT 1 FROM webhook_deliveries WHERE id = ${deliveryId}::uuid FOR UPDATE`,
    );
    const held = await tx.webhookDelivery.findUnique({ where: { id: deliveryId, webhookId } });
    if (held === null) throw new AppError("not-found", `There is no delivery ${deliveryId}.`);
    const now = clock.now();
    if (held.leaseOwner !== null && held.nextAttemptAt !== null && held.nextAttemptAt > now)
      throw new AppError("conflict", "An attempt is under way: look again in a minute.");
    const row = await tx.webhookDelivery.update({
      where: { id: deliveryId },
      data: { status: "pending", attempts: 0, nextAttemptAt: now, leaseOwner: null },
      include: withEvent,
    });
    await appendAudit(tx, {
      actor,
      action: "webhook.retry",
      subject: `webhook:${webhookId}`,
      before: { delivery: deliveryId, status: held.status, attempts: held.attempts },
      after: { delivery: deliveryId, status: row.status, attempts: row.attempts },
    });
    return fromRow(row);
  });
}

function requireOn({ enabled }: Webhook): void {
  if (!enabled) throw new AppError("conflict", "The webhook is switched off: switch it on first.");
}

interface DeliveryRow extends Omit<Delivery, "eventId" | "event" | "status"> {
  status: string;
  outboxId: bigint;
  leaseOwner: string | null;
  event: { eventId: string; topic: string };
}

function fromRow({ outboxId: _, leaseOwner: __, event, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    eventId: webhookIdOf(event.eventId),
    event: event.topic,
    status: parseStored(deliveryStatus, row.status, "a delivery's status"),
  };
}
