import type { Database } from "#lib/db/client.ts";
import type { Logger } from "#lib/log.ts";
import type { Clock } from "../clock.ts";
import { pause } from "../pause.ts";
import { type Attempt, attemptsMax, claimAttempts, giveBack, recordAttempt } from "./attempts.ts";
import { dispatchEvents } from "./dispatch.ts";
import { type PostOptions, type PostResult, postEvent } from "./post-event.ts";
import { signatureHeaders } from "./signature.ts";

export interface DeliveryOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Ends the round: attempts under way are given back. */
  signal: AbortSignal;
  /** Whether private addresses may be connected to. */
  allowPrivate: boolean;
  /** For one attempt; 10 seconds when absent. */
  timeoutMs?: number;
  /** Every address of a name, for tests. */
  resolve?: PostOptions["resolve"];
}

const attemptTimeoutMs = 10_000;
const concurrencyMax = 16;
const cutOff: PostResult = {
  responseStatus: null,
  responseExcerpt: null,
  error: "The last attempt was cut off; whether it arrived is not known.",
};
/** How soon a round that waits for slow receivers looks for new events. */
const lookAgainMs = 500;

/**
 * One round: passes on what the outbox holds and makes every attempt that is due, until nothing is due and none is under
 * way. Safe in any number of processes at once; each event reaches each webhook at least once, in no certain order.
 */
export async function deliverWebhooks(options: DeliveryOptions): Promise<void> {
  const { db, clock, signal } = options;
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  while (!signal.aborted && failures.length === 0) {
    await dispatchEvents(db, clock);
    const limit = concurrencyMax - underWay.size;
    const claimed = limit > 0 ? await claimAttempts(db, { now: clock.now(), limit }) : [];
    for (const attempt of claimed) {
      const work = makeAttempt(attempt, options)
        .catch((reason: unknown) => {
          failures.push(reason);
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
    if (underWay.size === 0) return;
    await firstOf(underWay, signal);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw new AggregateError(failures, "attempts could not be recorded");
}

/** Waits for an attempt to end, for the signal, or for the time to look again. */
async function firstOf(underWay: ReadonlySet<Promise<void>>, signal: AbortSignal): Promise<void> {
  const awake = new AbortController();
  const waiting = pause(lookAgainMs, AbortSignal.any([signal, awake.signal]));
  await Promise.race([waiting, ...underWay]);
  awake.abort();
}

async function makeAttempt(attempt: Attempt, options: DeliveryOptions): Promise<void> {
  const { db, clock, log, signal, allowPrivate, timeoutMs = attemptTimeoutMs, resolve } = options;
  const started = performance.now();
  const { url, body } = attempt;
  const post = { url, body, headers: headersOf(attempt, clock.now()) };
  const limits = { allowPrivate, timeoutMs, signal, ...(resolve === undefined ? {} : { resolve }) };
  const result = attempt.attempts > attemptsMax ? cutOff : await postEvent(post, limits);
  if (signal.aborted && result.responseStatus === null) return giveBack(db, attempt, clock.now());
  const durationMs = Math.round(performance.now() - started);
  await recordAttempt(db, attempt, { ...result, durationMs, now: clock.now() });
  if (result.error === null) return;
  const { deliveryId: delivery, webhookId: webhook, eventId: event, attempts } = attempt;
  log.warn({ delivery, webhook, event, attempts, reason: result.error }, "a webhook failed");
}

/** While a secret is being changed both sign. */
function headersOf(attempt: Attempt, now: Date): Record<string, string> {
  const { eventId, body, secret, previousSecret, previousSecretUntil } = attempt;
  const secrets = [secret];
  if (previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now)
    secrets.push(previousSecret);
  return {
    "content-type": "application/json",
    "user-agent": "Genepool-Webhooks",
    ...signatureHeaders({ eventId, body, secrets, now }),
  };
}
