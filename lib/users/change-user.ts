import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { requireUser, toUser, type User, userRole } from "./users.ts";

export const userPatch = z
  .strictObject({ role: userRole.optional(), disabled: z.boolean().optional() })
  .refine(({ role, disabled }) => role !== undefined || disabled !== undefined, "name a change")
  .meta({ minProperties: 1 });
export type UserPatch = z.infer<typeof userPatch>;

/**
 * Changes a user's role or shuts them out and in again; who is shut out loses every session for good. Throws
 * AppError("not-found"), and AppError("conflict") when it would leave nobody to administer, or for the role of a user
 * whose groups at the identity provider decide it.
 */
export async function changeUser(
  db: Database,
  name: string,
  patch: UserPatch,
  { actor, clock = systemClock }: { actor: string; clock?: Clock },
): Promise<User> {
  return inTransaction(db, async (tx) => {
    const administrators = await lockAdministrators(tx);
    const before = await requireUser(tx, name);
    const role = patch.role ?? before.role;
    const disabled = patch.disabled ?? before.disabledAt !== null;
    const wasDisabled = before.disabledAt !== null;
    if (role === before.role && disabled === wasDisabled) return before;
    if (role !== before.role) requireLocalRole(before);
    const stays = role === "admin" && !disabled;
    if (!stays && administrators.length === 1 && administrators[0]?.name === name) {
      throw new AppError("conflict", `${name} is the only administrator who may sign in.`, {
        details: { reason: "last-administrator" },
      });
    }
    const ended = disabled && !wasDisabled;
    const row = await tx.user.update({
      where: { name },
      data: {
        role,
        disabledAt: disabled ? (before.disabledAt ?? clock.now()) : null,
        ...(ended ? { sessionVersion: { increment: 1 } } : {}),
      },
    });
    await appendAudit(tx, {
      actor,
      action: "user.change",
      subject: `user:${name}`,
      before: { role: before.role, disabled: wasDisabled },
      after: { role, disabled },
    });
    return toUser(row);
  });
}

/** Ends all sessions of a user, who may sign in again. Throws AppError("not-found"). */
export async function endSessions(db: Database, name: string, actor: string): Promise<User> {
  return inTransaction(db, async (tx) => {
    const before = await requireUser(tx, name);
    const row = await tx.user.update({
      where: { name },
      data: { sessionVersion: { increment: 1 } },
    });
    await appendAudit(tx, {
      actor,
      action: "user.end-sessions",
      subject: `user:${name}`,
      before: { sessionVersion: before.sessionVersion },
      after: { sessionVersion: row.sessionVersion },
    });
    return toUser(row);
  });
}

/** Everybody who may administer, locked, so that two of them cannot shut each other out at the same moment. */
function lockAdministrators(tx: Executor): Promise<{ name: string }[]> {
  return queryRows(
    tx,
    z.object({ name: z.string() }),
    sql`SELECT name FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
  );
}

function requireLocalRole({ name, source }: User): void {
  if (source === "local") return;
  throw new AppError("conflict", `The role of ${name} follows the identity provider's groups.`, {
    details: { reason: "role-from-groups" },
  });
}
