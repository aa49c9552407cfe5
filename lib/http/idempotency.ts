import { createHash } from "node:crypto";
import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import { execute, queryRow, sql } from "#lib/db/query.ts";
import { AppError } from "../errors.ts";

export interface IdempotentRequest {
  actor: string;
  /** As the caller sent it. */
  key: string;
  endpoint: string;
  /** Address and body: the same key for another request is a mistake of the caller's. */
  content: string;
  /** Fields of the answer that must not be kept. */
  tellsOnce: readonly string[];
}

export interface IdempotentAnswer {
  status: number;
  body: unknown;
  /** True when it is what an earlier request was answered with. */
  replayed: boolean;
}

export const idempotencyKeyForm = /^[\x21-\x7e]{1,200}$/;
/** A request under way for longer was cut off by a crash: the next one takes it over. */
const abandonedMs = 5 * 60_000;
const keptMs = 24 * 3_600_000;
const stored = z.object({
  request_hash: z.string(),
  endpoint: z.string(),
  status: z.int().nullable(),
  answer: z.unknown(),
});

/** The Idempotency-Key of a request, or null. Throws AppError("invalid") for one that is no visible ASCII of 1 to 200. */
export function idempotencyKeyOf(headers: Headers): string | null {
  const given = headers.get("idempotency-key");
  if (given === null) return null;
  if (idempotencyKeyForm.test(given)) return given;
  throw new AppError("invalid", "Idempotency-Key must be 1 to 200 visible ASCII characters.");
}

/**
 * Runs `work` once for each key of an actor: a repeated request gets the kept answer. A failure is not kept, so the
 * caller may try again. Throws AppError("conflict") for a key that stands for another request, or one under way.
 */
export async function onceByKey(
  db: Database,
  request: IdempotentRequest,
  work: () => Promise<{ status: number; body: unknown }>,
): Promise<IdempotentAnswer> {
  const { actor, key, endpoint } = request;
  const hash = createHash("sha256").update(request.content).digest("hex");
  if (!(await claim(db, { actor, key, endpoint, hash }))) return replay(db, request, hash);
  try {
    const { status, body } = await work();
    await execute(
      db,
      sql`UPDATE idempotency_keys SET status = ${status}, answer = ${keptText(body, request.tellsOnce)}::jsonb
          WHERE actor = ${actor} AND key = ${key}`,
    );
    return { status, body, replayed: false };
  } catch (error) {
    await execute(db, sql`DELETE FROM idempotency_keys WHERE actor = ${actor} AND key = ${key}`);
    throw error;
  }
}

/** The answer as it is kept: a secret that is stored as a hash elsewhere must not lie here as text. */
function keptText(body: unknown, tellsOnce: readonly string[]): string {
  return JSON.stringify(body, (name, value: unknown) => (tellsOnce.includes(name) ? null : value));
}

/** True when this request is the one that carries it out. Old keys go on the way, a few at a time. */
async function claim(
  db: Database,
  { actor, key, endpoint, hash }: { actor: string; key: string; endpoint: string; hash: string },
): Promise<boolean> {
  await execute(
    db,
    sql`DELETE FROM idempotency_keys WHERE ctid IN (
          SELECT ctid FROM idempotency_keys
          WHERE created_at < now() - ${keptMs}::float8 * interval '1 millisecond' LIMIT 20)`,
  );
  const rows = await execute(
    db,
    sql`INSERT INTO idempotency_keys (actor, key, endpoint, request_hash)
        VALUES (${actor}, ${key}, ${endpoint}, ${hash})
        ON CONFLICT (actor, key) DO UPDATE SET created_at = now()
        WHERE idempotency_keys.status IS NULL AND idempotency_keys.request_hash = ${hash}
          AND idempotency_keys.created_at < now() - ${abandonedMs}::float8 * interval '1 millisecond'`,
  );
  return rows === 1;
}

async function replay(
  db: Database,
  { actor, key, endpoint }: IdempotentRequest,
  hash: string,
): Promise<IdempotentAnswer> {
  const found = await queryRow(
    db,
    stored,
    sql`SELECT request_hash, endpoint, status, answer FROM idempotency_keys
        WHERE actor = ${actor} AND key = ${key}`,
  );
  if (found !== null && (found.request_hash !== hash || found.endpoint !== endpoint)) {
    throw new AppError("conflict", "This Idempotency-Key was sent with another request.", {
      details: { reason: "key-reused" },
    });
  }
  if (found === null || found.status === null) {
    throw new AppError("conflict", "A request with this Idempotency-Key is under way.", {
      details: { reason: "under-way" },
    });
  }
  return { status: found.status, body: found.answer, replayed: true };
}
