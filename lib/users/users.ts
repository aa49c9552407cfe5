import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
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

export const userSources = ["local", "oidc"] as const;
const userSource = z.enum(userSources);
/** Where a user signs in: here by password, or at the identity provider, which then decides the role. */
export type UserSource = z.infer<typeof userSource>;

export interface User {
  id: string;
  name: string;
  displayName: string;
  role: UserRole;
  source: UserSource;
  /** Grows when all sessions of the user must end. */
  sessionVersion: number;
  disabledAt: Date | null;
  createdAt: Date;
}

export const userName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, "use lower-case letters, digits and . _ @ -");

/** What people call themselves and their keys: one line of 1 to 200 characters, none of them a control character. */
export const lineOfText = z
  .string()
  .max(200)
  .regex(/^[ -~\u00a0-\uffff]+$/, "use one line of text");

export const newUser = z.strictObject({
  name: userName,
  displayName: lineOfText.optional(),
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
    const user = await db.$transaction(async (tx) => {
      const row = await tx.user.create({ data: { id, name, displayName, role, passwordHash } });
      await appendAudit(tx, {
        actor,
        action: "user.create",
        subject: `user:${name}`,
        after: { displayName, role, source: "local" },
      });
      return toUser(row);
    });
    return { user, password };
  } catch (cause) {
    if (sqlStateOf(cause) !== sqlStates.unique) throw translateDatabaseError(cause);
    throw new AppError("conflict", `There is a user "${name}" already.`, { cause });
  }
}

/**
 * Gives a user a new random password, unlocks the account and ends all sessions. Throws AppError("not-found") for an
 * unknown name, AppError("conflict") for a user of the identity provider: a password would lead past it.
 */
export async function resetPassword(
  db: Database,
  name: string,
  actor: string,
): Promise<{ user: User; password: string }> {
  const password = randomPassword();
  const passwordHash = await hashPassword(password);
  const user = await inTransaction(db, async (tx) => {
    const before = await requireUser(tx, name);
    if (before.source !== "local") {
      throw new AppError("conflict", `${name} signs in at the identity provider, by no password.`, {
        details: { reason: "no-password" },
      });
    }
    const row = await tx.user.update({
      where: { name },
      data: { passwordHash, failedLogins: 0, lockedUntil: null, sessionVersion: { increment: 1 } },
    });
    await appendAudit(tx, {
      actor,
      action: "user.reset-password",
      subject: `user:${name}`,
      before: { sessionVersion: before.sessionVersion },
      after: { sessionVersion: row.sessionVersion },
    });
    return toUser(row);
  });
  return { user, password };
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

const nameKey = z.strictObject({ name: z.string().max(100) });

/** Users by name. */
export async function listUsers(db: Executor, query: PageRequest = {}): Promise<Page<User>> {
  const limit = pageLimit(query);
  const after = decodeCursor(nameKey, query.cursor);
  const rows = await db.user.findMany({
    where: after === null ? {} : { name: { gt: after.name } },
    orderBy: { name: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, { item: toUser, key: ({ name }) => ({ name }) });
}

type UserRow = Omit<User, "role" | "source"> & { role: string; source: string };

/** A row without its secrets. */
export function toUser(row: UserRow): User {
  const { id, name, displayName, sessionVersion, disabledAt, createdAt } = row;
  const role = parseStored(userRole, row.role, "a user's role");
  const source = parseStored(userSource, row.source, "a user's source");
  return { id, name, displayName, role, source, sessionVersion, disabledAt, createdAt };
}
