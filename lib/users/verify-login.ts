import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { execute, queryRow, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
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
 * Checks a name and password. The same work is done for unknown, disabled and locked users and for those without a
 * password. Five failures lock the account for 15 minutes; a success forgets earlier failures.
 */
export async function verifyLogin(
  db: Database,
  credentials: { name: string; password: string },
  clock: Clock = systemClock,
): Promise<Login> {
  const now = clock.now();
  const row = await db.user.findUnique({ where: { name: credentials.name } });
  const right = await verifyPassword(credentials.password, row?.passwordHash ?? null);
  if (row === null || row.disabledAt !== null || row.passwordHash === null)
    return { ok: false, reason: "refused" };
  if (row.lockedUntil !== null && row.lockedUntil > now)
    return { ok: false, reason: right ? "locked" : "refused" };
  if (!right) {
    await inTransaction(db, (tx) => countFailure(tx, row, now));
    return { ok: false, reason: "refused" };
  }
  return inTransaction(db, async (tx): Promise<Login> => {
    // The lock, a disabling or a reset may have come from another request since the row was read.
    const opened = await execute(
      tx,
      sql`UPDATE users SET failed_logins = 0, locked_until = NULL
          WHERE id = ${row.id}::uuid AND (locked_until IS NULL OR locked_until <= ${now}::timestamptz)
            AND disabled_at IS NULL AND session_version = ${row.sessionVersion}`,
    );
    if (opened === 0) return { ok: false, reason: "locked" };
    await appendAudit(tx, { actor: row.name, action: "user.login", subject: `user:${row.name}` });
    return { ok: true, user: toUser(row) };
  });
}

const lockState = z.object({ failed_logins: z.int(), locked_until: z.date().nullable() });

/** One statement, so that guesses at the same moment all count; a lock that is over starts the count anew. */
async function countFailure(
  tx: Executor,
  { id, name }: { id: string; name: string },
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + lockMs);
  const state = await queryRow(
    tx,
    lockState,
    sql`UPDATE users SET
          failed_logins = CASE WHEN locked_until <= ${now}::timestamptz THEN 1 ELSE failed_logins + 1 END,
          locked_until = CASE
            WHEN locked_until > ${now}::timestamptz THEN locked_until
            WHEN locked_until IS NULL AND failed_logins + 1 >= ${failuresMax} THEN ${until}::timestamptz
          END
        WHERE id = ${id}::uuid
        RETURNING failed_logins, locked_until`,
  );
  // Later guesses at the same moment meet the lock that this one set.
  if (state?.locked_until && state.failed_logins === failuresMax) {
    await appendAudit(tx, {
      actor: "sign-in",
      action: "user.lock",
      subject: `user:${name}`,
      after: { lockedUntil: state.locked_until },
    });
  }
}
