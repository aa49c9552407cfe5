import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { changeUser, endSessions } from "./change-user.ts";
import { createUser, getSessionUser, listUsers, resetPassword, type User } from "./users.ts";
import { verifyLogin } from "./verify-login.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  db = handle.db;
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

const by = { actor: "root" };
const sessionOf = ({ id, sessionVersion }: User) => ({ userId: id, sessionVersion });

async function lastEvent(name: string) {
  return db.auditEvent.findFirst({
    where: { subject: `user:${name}` },
    orderBy: { id: "desc" },
    select: { actor: true, action: true, before: true, after: true },
  });
}

test("two administrators who shut each other out at the same moment leave one of them", async () => {
  await createUser(db, { name: "ada", role: "admin" }, "test");
  await createUser(db, { name: "bob", role: "admin" }, "test");
  const both = await Promise.allSettled([
    changeUser(db, "ada", { role: "viewer" }, by),
    changeUser(db, "bob", { disabled: true }, by),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const left = await db.user.findMany({ where: { role: "admin", disabledAt: null } });
  expect(left).toHaveLength(1);
  const last = left[0]?.name ?? "";
  for (const patch of [{ role: "engineer" as const }, { disabled: true }]) {
    await expect(changeUser(db, last, patch, by)).rejects.toMatchObject({
      code: "conflict",
      details: { reason: "last-administrator" },
    });
  }
});

test("a role that changes holds from the next request on, and the trail tells both", async () => {
  const { user } = await createUser(db, { name: "cleo", role: "viewer" }, "test");
  await changeUser(db, "cleo", { role: "engineer" }, by);
  expect((await getSessionUser(db, sessionOf(user)))?.role).toBe("engineer");
  expect(await lastEvent("cleo")).toEqual({
    actor: "root",
    action: "user.change",
    before: { role: "viewer", disabled: false },
    after: { role: "engineer", disabled: false },
  });
});

test("who is disabled and enabled again signs in anew: old sessions stay over", async () => {
  const { user, password } = await createUser(db, { name: "dan", role: "viewer" }, "test");
  await changeUser(db, "dan", { disabled: true }, by);
  const enabled = await changeUser(db, "dan", { disabled: false }, by);
  expect(enabled.disabledAt).toBeNull();
  expect(await getSessionUser(db, sessionOf(user))).toBeNull();
  expect(await verifyLogin(db, { name: "dan", password })).toMatchObject({ ok: true });
});

test("a change that changes nothing leaves no event, and an unknown name is not found", async () => {
  await createUser(db, { name: "eva", role: "viewer" }, "test");
  await changeUser(db, "eva", { role: "viewer", disabled: false }, by);
  expect((await lastEvent("eva"))?.action).toBe("user.create");
  const unknown = changeUser(db, "nobody", { disabled: true }, by);
  await expect(unknown).rejects.toMatchObject({ code: "not-found" });
  await expect(endSessions(db, "nobody", "root")).rejects.toMatchObject({ code: "not-found" });
});

test("sessions that are ended are over, and the password stays", async () => {
  const { user, password } = await createUser(db, { name: "finn", role: "viewer" }, "test");
  await endSessions(db, "finn", "root");
  expect(await getSessionUser(db, sessionOf(user))).toBeNull();
  expect(await lastEvent("finn")).toMatchObject({
    before: { sessionVersion: 0 },
    after: { sessionVersion: 1 },
  });
  expect(await verifyLogin(db, { name: "finn", password })).toMatchObject({ ok: true });
});

test("a lock-out and a reset leave events that hold no secret", async () => {
  await createUser(db, { name: "gwen", role: "viewer" }, "test");
  const guess = { name: "gwen", password: "guess" };
  await Promise.all(Array.from({ length: 7 }, () => verifyLogin(db, guess)));
  const locks = await db.auditEvent.count({ where: { action: "user.lock", subject: "user:gwen" } });
  expect(locks).toBe(1);
  const { password } = await resetPassword(db, "gwen", "root");
  const trail = await db.auditEvent.findMany({ where: { subject: "user:gwen" } });
  expect(trail.at(-1)?.action).toBe("user.reset-password");
  const written = JSON.stringify(trail.map(({ before, after }) => [before, after]));
  expect(written).not.toContain(password);
  expect(written).not.toContain("scrypt");
});

test("pages of users are by name and without gaps", async () => {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(db, { limit: 2, cursor });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(names).toEqual(["ada", "bob", "cleo", "dan", "eva", "finn", "gwen"]);
});
