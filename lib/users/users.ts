import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { sqlStateOf, sqlStates, translateDatabaseError } from "#lib/db/errors.ts";
import { parseStored } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { hashPassword, randomPassword } from "./password.ts";

export const userRoles = ["viewer", "engineer", "admin"] as const;
/** Each role may do what the ones before it may. */
export const userRole = z.enum(userRoles);
export type UserRole = z.infer<typeof userRole>;

export interface User {
  id: string;
  name: string;
  displayName: string;
  role: UserRole;
  /** Grows when all sessions of the user must end. */
  sessionVersion: number;
  disabledAt: Date | null;
  createdAt: Date;
}

export const newUser = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, "use lower-case letters, digits and . _ @ -"),
  displayName: z.string().min(1).max(200).optional(),
  role: userRole,
});
export type NewUser = z.infer<typeof newUser>;

/**
 * Creates a user with a random password, which is answered once and kept only as a hash. Throws AppError("conflict")
 * when the name is taken, AppError("invalid") for a bad name.
 */
export async function createUser(
  db: Database,
  input: NewUser,
  actor: string,
): Promise<{ user: User; password: string }> {
  const { name, displayName = name, role } = parseInput(newUser, input, "This user is");
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  const id = randomUUID();
  try {
    await db.$transaction(async (tx) => {
      await tx.user.create({ data: { id, name, displayName, role, passwordHash } });
      await appendAudit(tx, {
        actor,
        action: "user.create",
        subject: `user:${name}`,
        after: { role },
      });
    });
  } catch (cause) {
    if (sqlStateOf(cause) !== sqlStates.unique) throw translateDatabaseError(cause);
    throw new AppError("conflict", `There is a user "${name}" already.`, { cause });
  }
  return { user: await requireUser(db, name), password };
}

/**
 * Gives a user a new random password, unlocks the account and ends all sessions. Throws AppError("not-found") for an
 * unknown name.
 */
export async function resetPassword(
  db: Database,
  name: string,
  actor: string,
): Promise<{ user: User; password: string }> {
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  await inTransaction(db, async (tx) => {
    await requireUser(tx, name);
    await tx.user.update({
      where: { name },
      data: { passwordHash, failedLogins: 0, lockedUntil: null, sessionVersion: { increment: 1 } },
    });
    await appendAudit(tx, { actor, action: "user.reset-password", subject: `user:${name}` });
  });
  return { user: await requireUser(db, name), password };
}

export async function getUser(db: Executor, name: string): Promise<User | null> {
  const row = await db.user.findUnique({ where: { name } });
  return row === null ? null : toUser(row);
}

/** Throws AppError("not-found") when there is no such user. */
export async function requireUser(db: Executor, name: string): Promise<User> {
  const user = await getUser(db, name);
  if (user === null) throw new AppError("not-found", `There is no user "${name}".`);
  return user;
}

/** The user whose session this is; null once it was ended, or the user disabled. */
export async function getSessionUser(
  db: Executor,
  session: { userId: string; sessionVersion: number },
): Promise<User | null> {
  const row = await db.user.findUnique({ where: { id: session.userId } });
  const valid = row?.sessionVersion === session.sessionVersion && row.disabledAt === null;
  return row !== null && valid ? toUser(row) : null;
}

/** All users by name; an installation has few, so there is one page. */
export async function listUsers(db: Executor): Promise<{ items: User[]; nextCursor: null }> {
  const rows = await db.user.findMany({ orderBy: { name: "asc" } });
  return { items: rows.map(toUser), nextCursor: null };
}

type UserRow = Omit<User, "role"> & { role: string };

/** A row without its secrets. */
export function toUser(row: UserRow): User {
  const { id, name, displayName, sessionVersion, disabledAt, createdAt } = row;
  const role = parseStored(userRole, row.role, "a user's role");
  return { id, name, displayName, role, sessionVersion, disabledAt, createdAt };
}
