import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { parseStored } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { agentTypeName } from "#lib/domain/prompt.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";

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
  name: z.string().min(1).max(200),
  scopes: z.array(apiScope).min(1),
  agentTypes: z.array(agentTypeName).max(100).default([]),
  expiresAt: z.coerce.date().nullish(),
});
export type NewApiKey = z.input<typeof newApiKey>;

const keyText = /^gp_([a-z0-9]{12})_([\w-]{43})$/;

/** Creates a key; its text `gp_<prefix>_<secret>` is answered once and kept only as a hash. */
export async function createApiKey(
  db: Database,
  input: NewApiKey,
  actor: string,
): Promise<{ apiKey: ApiKey; key: string }> {
  const parsed = parseInput(newApiKey, input, "This key is");
  const { name, scopes, agentTypes, expiresAt = null } = parsed;
  const prefix = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const row = await inTransaction(db, async (tx) => {
    const subject = `key:${prefix}`;
    await appendAudit(tx, {
      actor,
      action: "key.create",
      subject,
      after: { name, scopes, agentTypes },
    });
    return tx.apiKey.create({
      data: {
        id: randomUUID(),
        name,
        prefix,
        secretHash: hashOf(secret).toString("hex"),
        scopes: [...new Set(scopes)].sort(),
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
    await appendAudit(tx, { actor, action: "key.revoke", subject: `key:${prefix}` });
    return fromRow(await tx.apiKey.update({ where: { prefix }, data: { revokedAt: new Date() } }));
  });
}

/** All keys, newest first; an installation has few, so there is one page. */
export async function listApiKeys(db: Executor): Promise<{ items: ApiKey[]; nextCursor: null }> {
  const rows = await db.apiKey.findMany({ orderBy: [{ createdAt: "desc" }, { id: "asc" }] });
  return { items: rows.map(fromRow), nextCursor: null };
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

type ApiKeyRow = Omit<ApiKey, "scopes"> & { scopes: string[]; secretHash: string };

function fromRow({ secretHash: _, ...row }: ApiKeyRow): ApiKey {
  return { ...row, scopes: parseStored(z.array(apiScope), row.scopes, "a key's scopes") };
}
