import type { Executor } from "#lib/db/client.ts";
import { execute, sql } from "#lib/db/query.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { verifyPassword } from "./password.ts";
import { toUser, type User } from "./users.ts";

const failuresMax = 5;
const lockMs = 15 * 60_000;

/**
 * `refused` says nothing of why to somebody who guesses; `locked` is said only to who knows the password, so that they
 * learn why it does not work.
 */
export type Login = { ok: true; user: User } | { ok: false; reason: "refused" | "locked" };

/**
 * Checks a name and password. The same work is done for unknown, disabled and locked users. Five failures lock the
 * account for 15 minutes; a success forgets earlier failures.
 */
export async function verifyLogin(
  db: Executor,
  credentials: { name: string; password: string },
  clock: Clock = systemClock,
): Promise<Login> {
  const now = clock.now();
  const row = await db.user.findUnique({ where: { name: credentials.name } });
  const right = await verifyPassword(credentials.password, row?.passwordHash ?? null);
  if (row === null || row.disabledAt !== null) return { ok: false, reason: "refused" };
  if (row.lockedUntil !== null && row.lockedUntil > now)
    return { ok: false, reason: right ? "locked" : "refused" };
  if (!right) {
    await countFailure(db, row.id, now);
    return { ok: false, reason: "refused" };
  }
  // The lock may have come from another request since the row was read.
  const opened = await execute(
    db,
    sql`UPDATE users SET failed_logins = 0, locked_until = NULL
        WHERE id = ${row.id}::uuid AND (locked_until IS NULL OR locked_until <= ${now}::timestamptz)`,
  );
  if (opened === 0) return { ok: false, reason: "locked" };
  await appendAudit(db, { actor: row.name, action: "user.login", subject: `user:${row.name}` });
  return { ok: true, user: toUser(row) };
}

/** One statement, so that guesses at the same moment all count; a lock that is over starts the count anew. */
async function countFailure(db: Executor, id: string, now: Date): Promise<void> {
  const until = new Date(now.getTime() + lockMs);
  await execute(
    db,
    sql`UPDATE users SET
          failed_logins = CASE WHEN locked_until <= ${now}::timestamptz THEN 1 ELSE failed_logins + 1 END,
          locked_until = CASE
            WHEN locked_until > ${now}::timestamptz THEN locked_until
            WHEN locked_until IS NULL AND failed_logins + 1 >= ${failuresMax} THEN ${until}::timestamptz
          END
        WHERE id = ${id}::uuid`,
  );
}
