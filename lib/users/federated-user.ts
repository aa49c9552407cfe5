import { randomUUID } from "node:crypto";
import type { Database, Executor } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { lineOfText, toUser, type User, type UserRole, userName } from "./users.ts";

/** A person as the identity provider describes them at sign-in. */
export interface FederatedIdentity {
  /** Issuer and subject: the only thing that says who it is. */
  externalId: string;
  /** The name that they have there; ours is made from it once. */
  name: string;
  displayName: string | null;
  /** What their groups give; null for nothing. */
  role: UserRole | null;
}

export type FederatedRefusal = "no-role" | "disabled" | "name-taken";
export type FederatedLogin = { ok: true; user: User } | { ok: false; reason: FederatedRefusal };

const actor = "identity provider";

/**
 * Signs in a person whom the identity provider vouches for: makes the row at the first time, and lets role and display
 * name follow the provider at each later one. Refused without a role, which also ends the sessions that are left; when
 * disabled here; and when the name belongs to somebody else, since equal names do not make one person.
 */
export async function signInFederated(
  db: Database,
  identity: FederatedIdentity,
): Promise<FederatedLogin> {
  return inTransaction(db, async (tx) => {
    const { externalId, role } = identity;
    const row = await tx.user.findUnique({ where: { externalId } });
    const known = row === null ? null : toUser(row);
    if (known !== null && known.disabledAt !== null) return { ok: false, reason: "disabled" };
    if (role === null) {
      if (known !== null) await endSessions(tx, known);
      return { ok: false, reason: "no-role" };
    }
    const user =
      known === null
        ? await createRow(tx, identity, role)
        : await follow(tx, known, role, identity.displayName);
    if (user === null) return { ok: false, reason: "name-taken" };
    await appendAudit(tx, {
      actor: user.name,
      action: "user.login",
      subject: `user:${user.name}`,
      after: { source: "oidc" },
    });
    return { ok: true, user };
  });
}

/** Null when the name is taken. */
async function createRow(
  tx: Executor,
  identity: FederatedIdentity,
  role: UserRole,
): Promise<User | null> {
  const name = nameFrom(identity.name);
  if ((await tx.user.findUnique({ where: { name } })) !== null) return null;
  const displayName = displayNameFrom(identity.displayName) ?? name;
  const { externalId } = identity;
  const source = "oidc";
  const row = await tx.user.create({
    data: { id: randomUUID(), name, displayName, role, source, externalId },
  });
  const after = { displayName, role, source };
  await appendAudit(tx, { actor, action: "user.create", subject: `user:${name}`, after });
  return toUser(row);
}

async function follow(
  tx: Executor,
  user: User,
  role: UserRole,
  displayNameThere: string | null,
): Promise<User> {
  const displayName = displayNameFrom(displayNameThere) ?? user.displayName;
  if (user.role === role && user.displayName === displayName) return user;
  const row = await tx.user.update({ where: { id: user.id }, data: { role, displayName } });
  await appendAudit(tx, {
    actor,
    action: "user.change",
    subject: `user:${user.name}`,
    before: { role: user.role, displayName: user.displayName },
    after: { role, displayName },
  });
  return toUser(row);
}

async function endSessions(tx: Executor, { id, name, sessionVersion }: User): Promise<void> {
  const row = await tx.user.update({
    where: { id },
    data: { sessionVersion: { increment: 1 } },
  });
  await appendAudit(tx, {
    actor,
    action: "user.end-sessions",
    subject: `user:${name}`,
    before: { sessionVersion },
    after: { sessionVersion: row.sessionVersion },
  });
}

/** A name by our rules from whatever the provider calls them. */
function nameFrom(given: string): string {
  const plain = given
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll(/[^a-z0-9._@-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 100);
  const parsed = userName.safeParse(plain);
  return parsed.success ? parsed.data : `user-${randomUUID().slice(0, 8)}`;
}

function displayNameFrom(given: string | null): string | null {
  const parsed = lineOfText.safeParse(given?.trim());
  return parsed.success ? parsed.data : null;
}
