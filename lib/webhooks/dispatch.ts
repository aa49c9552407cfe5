import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { execute, queryRow, queryRows, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import type { Clock } from "../clock.ts";
import { eventBody } from "./event-body.ts";

const eventRow = z.object({
  id: z.bigint(),
  topic: z.string(),
  payload: z.unknown(),
  createdAt: z.date(),
});
const idRow = z.object({ id: z.string() });

/**
 * Makes every waiting event of the outbox into its body and one delivery for each webhook that asked for it and was
 * there when it happened; both or neither. Several processes may do so at once. Answers how many events there were.
 */
export async function dispatchEvents(db: Database, clock: Clock): Promise<number> {
  for (let count = 0; ; count++) {
    if (!(await inTransaction(db, (tx) => dispatchOne(tx, clock.now())))) return count;
  }
}

async function dispatchOne(tx: Executor, now: Date): Promise<boolean> {
  const event = await queryRow(
    tx,
    eventRow,
    sql`SELECT id, topic, payload, created_at AS "createdAt" FROM outbox
        WHERE dispatched_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  if (event === null) return false;
  // Shared with other events, but not with a change: one that is switched off meanwhile waits, and ends this delivery.
  const webhooks = await queryRows(
    tx,
    idRow,
    sql`SELECT id::text FROM webhooks
        WHERE enabled AND ${event.topic} = ANY(events) AND created_at <= ${event.createdAt}::timestamptz ORDER BY id FOR SHARE`,
  );
  const body = webhooks.length === 0 ? null : await eventBody(tx, event);
  await execute(
    tx,
    sql`UPDATE outbox SET dispatched_at = ${now}::timestamptz, body = ${body} WHERE id = ${event.id}`,
  );
  await tx.webhookDelivery.createMany({
    data: webhooks.map(({ id }) => ({
      id: randomUUID(),
      outboxId: event.id,
      webhookId: id,
      nextAttemptAt: now,
    })),
  });
  return true;
}
