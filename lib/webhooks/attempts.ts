import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { draw } from "../random.ts";
import type { PostResult } from "./post-event.ts";

/** Attempts before a delivery counts as failed; with the pauses between them they last for about a day. */
export const attemptsMax = 12;
/** Longer than any attempt may take: then its process is gone, and another one tries again. */
const leaseMs = 60_000;
/** Attempts under way for one webhook: one that hangs must not hold up the others. */
const perWebhookMax = 4;

/** A delivery that this process has taken up. */
export interface Attempt {
  deliveryId: string;
  /** This attempt's hold on the delivery. */
  owner: string;
  /** How many attempts there were, with this one; above attemptsMax when the last one died with its process. */
  attempts: number;
  eventId: string;
  topic: string;
  body: string;
  webhookId: string;
  url: string;
  secret: string;
  /** Signs too until its time is over. */
  previousSecret: string | null;
  previousSecretUntil: Date | null;
}

const attemptRow: z.ZodType<Attempt> = z.object({
  deliveryId: z.string(),
  owner: z.string(),
  attempts: z.int(),
  eventId: z.string(),
  topic: z.string(),
  body: z.string(),
  webhookId: z.string(),
  url: z.string(),
  secret: z.string(),
  previousSecret: z.string().nullable(),
  previousSecretUntil: z.date().nullable(),
});

/**
 * Takes up deliveries that are due, the oldest first, a few of each webhook. What is taken up is nobody else's until its
 * lease is over; the attempt is counted before it is made, so that one which kills its process is not made for ever.
 */
export async function claimAttempts(
  db: Executor,
  { now, limit }: { now: Date; limit: number },
): Promise<Attempt[]> {
  const leaseUntil = new Date(now.getTime() + leaseMs);
  return queryRows(
    db,
    attemptRow,
    sql`WITH due AS (
          SELECT waiting.id FROM webhooks w CROSS JOIN LATERAL (
            SELECT d.id, d.next_attempt_at FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.next_attempt_at <= ${now}::timestamptz
            ORDER BY d.next_attempt_at, d.id
            LIMIT greatest(0, ${perWebhookMax} - (
              SELECT count(*) FROM webhook_deliveries held
              WHERE held.webhook_id = w.id AND held.lease_owner IS NOT NULL AND held.next_attempt_at > ${now}::timestamptz))
            FOR UPDATE SKIP LOCKED) waiting
          ORDER BY waiting.next_attempt_at LIMIT ${limit}
        )
        UPDATE webhook_deliveries d SET
          attempts = d.attempts + 1, lease_owner = gen_random_uuid(),
          next_attempt_at = ${leaseUntil}::timestamptz, last_attempt_at = ${now}::timestamptz
        FROM due, webhooks w, outbox e
        WHERE d.id = due.id AND w.id = d.webhook_id AND e.id = d.outbox_id
        RETURNING d.id::text AS "deliveryId", d.lease_owner::text AS owner, d.attempts, e.event_id::text AS "eventId",
          e.topic, e.body, w.id::text AS "webhookId", w.url, w.secret, w.previous_secret AS "previousSecret",
          w.previous_secret_until AS "previousSecretUntil"`,
  );
}

export interface AttemptEnd extends PostResult {
  durationMs: number;
  now: Date;
}

/**
 * Writes what came of an attempt and when the next one is due; false when the delivery is no longer this attempt's:
 * another process took it over, or the webhook was switched off.
 */
export async function recordAttempt(
  db: Executor,
  { deliveryId, owner, attempts }: Pick<Attempt, "deliveryId" | "owner" | "attempts">,
  { responseStatus, responseExcerpt, error, durationMs, now }: AttemptEnd,
): Promise<boolean> {
  const isOver = error === null || attempts >= attemptsMax;
  const status = error === null ? "delivered" : isOver ? "failed" : "pending";
  const waitMs = backOffMs(deliveryId, attempts);
  const { count } = await db.webhookDelivery.updateMany({
    where: { id: deliveryId, leaseOwner: owner },
    data: {
      status,
      attempts: Math.min(attempts, attemptsMax),
      responseStatus,
      responseExcerpt,
      error,
      durationMs,
      leaseOwner: null,
      nextAttemptAt: isOver ? null : new Date(now.getTime() + waitMs),
    },
  });
  return count === 1;
}

/** Gives a delivery back as if the attempt had not been made: the process is going down. */
export async function giveBack(
  db: Executor,
  { deliveryId, owner }: Pick<Attempt, "deliveryId" | "owner">,
  now: Date,
): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { id: deliveryId, leaseOwner: owner },
    data: { leaseOwner: null, nextAttemptAt: now, attempts: { decrement: 1 } },
  });
}

/**
 * Pause after so many attempts: 10 s, growing by 2.35 each time, a fifth more or less so that receivers which failed
 * together are not asked together again. Eleven pauses are about 25 hours.
 */
export function backOffMs(deliveryId: string, attempts: number): number {
  const jitter = 0.8 + 0.4 * draw(deliveryId, "back-off", attempts).next();
  return Math.round(10_000 * 2.35 ** (attempts - 1) * jitter);
}
