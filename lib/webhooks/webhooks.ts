import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { outboxTopics } from "#lib/db/outbox.ts";
import { execute, parseStored, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { parseWebhookUrl } from "./webhook-url.ts";

export const webhookEvent = z.enum(outboxTopics);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** An address that is told of events, without its secret. */
export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  enabled: boolean;
  description: string;
  /** Until then the secret before the last rotation signs too. */
  previousSecretUntil: Date | null;
  createdBy: string;
  createdAt: Date;
  /** When it was switched off for good. */
  deletedAt: Date | null;
}

const fields = z.strictObject({
  url: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\/[^\s/?#]+/i, "is no http or https address"),
  events: z.array(webhookEvent).min(1).max(outboxTopics.length),
  enabled: z.boolean(),
  description: z.string().regex(/^[^\p{Control}\p{Surrogate}]{0,300}$/u, "use one line of text"),
});
export const newWebhook = fields.extend({
  enabled: fields.shape.enabled.default(true),
  description: fields.shape.description.default(""),
});
export type NewWebhook = z.input<typeof newWebhook>;

export const webhookPatch = fields
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, "name what to change");
export type WebhookPatch = z.infer<typeof webhookPatch>;

/** Who changes a webhook, and whether addresses of this network are allowed. */
export interface WebhookContext {
  actor: string;
  allowPrivate: boolean;
}

/** How long a secret goes on signing after its rotation, so that receivers can change it without losing anything. */
const rotationMs = 24 * 3_600_000;

/**
 * Adds a webhook; its secret `whsec_…` is answered once. It is told of what happens from now on. Throws
 * AppError("invalid") for input that no webhook can have, a private address among it.
 */
export async function createWebhook(
  db: Database,
  input: NewWebhook,
  { actor, allowPrivate }: WebhookContext,
): Promise<{ webhook: Webhook; secret: string }> {
  const parsed = parseInput(newWebhook, input, "This webhook is");
  const url = parseWebhookUrl(parsed.url, { allowPrivate });
  const data = { ...parsed, url, events: [...new Set(parsed.events)].sort() };
  const secret = newSecret();
  return inTransaction(db, async (tx) => {
    const id = randomUUID();
    const row = await tx.webhook.create({ data: { id, ...data, secret, createdBy: actor } });
    await appendAudit(tx, {
      actor,
      action: "webhook.create",
      subject: `webhook:${id}`,
      after: data,
    });
    return { webhook: fromRow(row), secret };
  });
}

/**
 * Changes a webhook. Switching it off ends what it still waited for. Throws AppError("not-found") and
 * AppError("invalid").
 */
export async function changeWebhook(
  db: Database,
  id: string,
  patch: WebhookPatch,
  { actor, allowPrivate }: WebhookContext,
): Promise<Webhook> {
  const { url, events, enabled, description } = parseInput(webhookPatch, patch, "This change is");
  return inTransaction(db, async (tx) => {
    const before = await lockWebhook(tx, id);
    const row = await tx.webhook.update({
      where: { id },
      data: {
        ...(url === undefined ? {} : { url: parseWebhookUrl(url, { allowPrivate }) }),
        ...(events === undefined ? {} : { events: [...new Set(events)].sort() }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(description === undefined ? {} : { description }),
      },
    });
    if (!row.enabled) await endPending(tx, id);
    const after = fromRow(row);
    await appendAudit(tx, {
      actor,
      action: "webhook.update",
      subject: `webhook:${id}`,
      before: settingsOf(before),
      after: settingsOf(after),
    });
    return after;
  });
}

/**
 * Switches a webhook off for good: it is found no more, its rows stay for whoever reads the database. Throws
 * AppError("not-found"), also when it is removed already.
 */
export async function removeWebhook(
  db: Database,
  id: string,
  { actor, clock = systemClock }: { actor: string; clock?: Clock },
): Promise<Webhook> {
  return inTransaction(db, async (tx) => {
    const before = await lockWebhook(tx, id);
    const deletedAt = clock.now();
    const data = { enabled: false, deletedAt, previousSecret: null, previousSecretUntil: null };
    const row = await tx.webhook.update({ where: { id }, data });
    await endPending(tx, id);
    await appendAudit(tx, {
      actor,
      action: "webhook.remove",
      subject: `webhook:${id}`,
      before: settingsOf(before),
      after: { deletedAt },
    });
    return fromRow(row);
  });
}

/**
 * Gives a webhook another secret, answered once; the former one signs too for a day. Throws AppError("not-found").
 */
export async function rotateSecret(
  db: Database,
  id: string,
  { actor, clock = systemClock }: { actor: string; clock?: Clock },
): Promise<{ webhook: Webhook; secret: string }> {
  const secret = newSecret();
  return inTransaction(db, async (tx) => {
    await lockWebhook(tx, id);
    const { secret: previousSecret } = await tx.webhook.findUniqueOrThrow({ where: { id } });
    const previousSecretUntil = new Date(clock.now().getTime() + rotationMs);
    const data = { secret, previousSecret, previousSecretUntil };
    const row = await tx.webhook.update({ where: { id }, data });
    const subject = `webhook:${id}`;
    const after = { previousSecretUntil };
    await appendAudit(tx, { actor, action: "webhook.rotate-secret", subject, after });
    return { webhook: fromRow(row), secret };
  });
}

/** Throws AppError("not-found"). */
export async function requireWebhook(db: Executor, id: string): Promise<Webhook> {
  const row = await db.webhook.findUnique({ where: { id } });
  if (row === null || row.deletedAt !== null)
    throw new AppError("not-found", `There is no webhook ${id}.`);
  return fromRow(row);
}

const newestKey = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });

/** Webhooks, newest first. */
export async function listWebhooks(db: Executor, query: PageRequest = {}): Promise<Page<Webhook>> {
  const limit = pageLimit(query);
  const after = decodeCursor(newestKey, query.cursor);
  const rows = await db.webhook.findMany({
    where: {
      deletedAt: null,
      ...(after === null
        ? {}
        : {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { gt: after.id } },
            ],
          }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: limit + 1,
  });
  const key = ({ createdAt, id }: WebhookRow) => ({ createdAt: createdAt.toISOString(), id });
  return pageOf(rows, limit, { item: fromRow, key });
}

/** The webhook, kept as it is until the transaction ends. Throws AppError("not-found"). */
export async function lockWebhook(tx: Executor, id: string): Promise<Webhook> {
  await execute(tx, sql`SELECT 1 FROM webhooks WHERE id = ${id}::uuid FOR UPDATE`);
  return requireWebhook(tx, id);
}

async function endPending(tx: Executor, webhookId: string): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { webhookId, status: "pending" },
    data: {
      status: "failed",
      nextAttemptAt: null,
      leaseOwner: null,
      error: "The webhook was switched off.",
    },
  });
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

function settingsOf({ url, events, enabled, description }: Webhook) {
  return { url, events, enabled, description };
}

interface WebhookRow extends Omit<Webhook, "events"> {
  events: string[];
  secret: string;
  previousSecret: string | null;
}

function fromRow({ secret: _, previousSecret: __, ...row }: WebhookRow): Webhook {
  return { ...row, events: parseStored(z.array(webhookEvent), row.events, "a webhook's events") };
}
