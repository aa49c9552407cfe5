import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { parseStored } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { moment } from "#lib/domain/moment.ts";
import { agentTypeName } from "#lib/domain/prompt.ts";
import { announce } from "../announcements.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { lineOfText } from "../users/users.ts";

/**
 * What a program may do: fetch prompts, report runs, run optimizations and experiments and read their evidence, save
 * prompts, decide on candidates and move tags, or everything.
 */
export const apiScopes = [
  "prompts:read",
  "runs:write",
  "experiments:run",
  "prompts:write",
  "prompts:promote",
  "admin",
] as const;
export const apiScope = z.enum(apiScopes);
export type ApiScope = z.infer<typeof apiScope>;

/** A key without its secret. */
export interface ApiKey {
  id: string;
  name: string;
  /** Public first part, shown in lists and logs. */
  prefix: string;
  scopes: ApiScope[];
  /** Empty means every agent type. */
  agentTypes: string[];
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export const newApiKey = z.strictObject({
  name: lineOfText,
  scopes: z.array(apiScope).min(1),
  agentTypes: z.array(agentTypeName).max(100).default([]),
  expiresAt: moment.nullish(),
});
export type NewApiKey = z.input<typeof newApiKey>;

const keyText = /^gp_([a-z0-9]{12})_([\w-]{43})$/;

/**
 * Creates a key; its text `gp_<prefix>_<secret>` is answered once and kept only as a hash. Throws AppError("invalid") for
 * input that no key can have.
 */
export async function createApiKey(
  db: Database,
  input: NewApiKey,
  actor: string,
): Promise<{ apiKey: ApiKey; key: string }> {
  const { name, expiresAt = null, ...lists } = parseInput(newApiKey, input, "This key is");
  const scopes = [...new Set(lists.scopes)].sort();
  const agentTypes = [...new Set(lists.agentTypes)].sort();
  const prefix = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const row = await inTransaction(db, async (tx) => {
    const subject = `key:${prefix}`;
    await appendAudit(tx, {
      actor,
      action: "key.create",
      subject,
      after: { name, scopes, agentTypes, expiresAt },
    });
    return tx.apiKey.create({
      data: {
        id: randomUUID(),
        name,
        prefix,
        secretHash: hashOf(secret).toString("hex"),
        scopes,
        agentTypes,
        createdBy: actor,
        expiresAt,
      },
    });
  });
  return { apiKey: fromRow(row), key: `gp_${prefix}_${secret}` };
}

/** Least time between two notes of a key's use: a key may be used thousands of times a minute. */
const useNotedMs = 60_000;

/** The key that this text is; null when it is unknown, wrong, revoked or expired. */
export async function verifyApiKey(
  db: Executor,
  text: string,
  clock: Clock = systemClock,
): Promise<ApiKey | null> {
  const [, prefix, secret] = keyText.exec(text) ?? [];
  if (prefix === undefined || secret === undefined) return null;
  const row = await db.apiKey.findUnique({ where: { prefix } });
  // The same comparison is made for an unknown prefix.
  const expected = row === null ? Buffer.alloc(32) : Buffer.from(row.secretHash, "hex");
  const equal = timingSafeEqual(hashOf(secret), expected);
  const now = clock.now();
  if (row === null || !equal || row.revokedAt !== null) return null;
  if (row.expiresAt !== null && row.expiresAt <= now) return null;
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= useNotedMs)
    await db.apiKey.update({ where: { prefix }, data: { lastUsedAt: now } });
  return fromRow(row);
}

/** True when the key has the scope, or the one that includes all. */
export function holdsScope({ scopes }: Pick<ApiKey, "scopes">, scope: ApiScope): boolean {
  return scopes.includes(scope) || scopes.includes("admin");
}

/** True when the key may do this for this agent type; `agentType` null is something beyond any one of them. */
export function isAllowed(apiKey: ApiKey, scope: ApiScope, agentType: string | null): boolean {
  if (!holdsScope(apiKey, scope)) return false;
  if (apiKey.agentTypes.length === 0) return true;
  return agentType !== null && apiKey.agentTypes.includes(agentType);
}

/** Revokes a key by its prefix, for good; doing it again changes nothing. Throws AppError("not-found"). */
export async function revokeApiKey(db: Database, prefix: string, actor: string): Promise<ApiKey> {
  return inTransaction(db, async (tx) => {
    const row = await tx.apiKey.findUnique({ where: { prefix } });
    if (row === null) throw new AppError("not-found", `There is no key ${prefix}.`);
    if (row.revokedAt !== null) return fromRow(row);
    const revokedAt = new Date();
    announce({ kind: "key", prefix });
    await appendAudit(tx, {
      actor,
      action: "key.revoke",
      subject: `key:${prefix}`,
      before: { revokedAt: null },
      after: { revokedAt },
    });
    return fromRow(await tx.apiKey.update({ where: { prefix }, data: { revokedAt } }));
  });
}

const newestKey = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });

/** Keys, newest first. */
export async function listApiKeys(db: Executor, query: PageRequest = {}): Promise<Page<ApiKey>> {
  const limit = pageLimit(query);
  const after = decodeCursor(newestKey, query.cursor);
  const rows = await db.apiKey.findMany({
    where:
      after === null
        ? {}
        : {
            OR: [
              { createdAt: { lt: after.createdAt } },
              { createdAt: after.createdAt, id: { gt: after.id } },
            ],
          },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: limit + 1,
  });
  const key = ({ createdAt, id }: ApiKeyRow) => ({ createdAt: createdAt.toISOString(), id });
  return pageOf(rows, limit, { item: fromRow, key });
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

type ApiKeyRow = Omit<ApiKey, "scopes"> & { scopes: string[]; secretHash: string };

function fromRow({ secretHash: _, ...row }: ApiKeyRow): ApiKey {
  return { ...row, scopes: parseStored(z.array(apiScope), row.scopes, "a key's scopes") };
}
