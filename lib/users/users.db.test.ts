import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { createUser, getSessionUser, listUsers, resetPassword } from "./users.ts";
import { verifyLogin } from "./verify-login.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url });
});

afterAll(async () => {
  await handle.close();
  await drop();
});

const at = (minutes: number) => ({ now: () => new Date(Date.UTC(2026, 0, 1, 0, minutes)) });

test("a new user signs in with the password that was answered once, and with no other", async () => {
  const { db } = handle;
  const { user, password } = await createUser(db, { name: "anna", role: "admin" }, "test");
  expect(password).toMatch(/^[A-Za-z2-9]{20}$/);
  expect(await verifyLogin(db, { name: "anna", password })).toEqual({ ok: true, user });
  for (const [name, wrong] of [
    ["anna", `${password}x`],
    ["anna", ""],
    ["nobody", password],
  ] as const) {
    const login = await verifyLogin(db, { name, password: wrong });
    expect(login).toEqual({ ok: false, reason: "refused" });
  }
  const stored = await db.user.findUniqueOrThrow({ where: { name: "anna" } });
  expect(JSON.stringify(stored)).not.toContain(password);
  await expect(createUser(db, { name: "anna", role: "viewer" }, "test")).rejects.toMatchObject({
    code: "conflict",
  });
});

test("five failures lock the account for 15 minutes, even for the right password", async () => {
  const { db } = handle;
  const { password } = await createUser(db, { name: "berta", role: "viewer" }, "test");
  const right = { name: "berta", password };
  const wrong = { name: "berta", password: "guess" };
  for (let i = 0; i < 4; i++) await verifyLogin(db, wrong, at(0));
  expect(await verifyLogin(db, right, at(1))).toMatchObject({ ok: true });
  await Promise.all(Array.from({ length: 5 }, () => verifyLogin(db, wrong, at(2))));
  expect(await verifyLogin(db, right, at(3))).toEqual({ ok: false, reason: "locked" });
  expect(await verifyLogin(db, wrong, at(3))).toEqual({ ok: false, reason: "refused" });
  await verifyLogin(db, wrong, at(20));
  expect(await verifyLogin(db, right, at(20))).toMatchObject({ ok: true });
});

test("a reset gives another password, unlocks, and ends every session", async () => {
  const { db } = handle;
  const { user, password } = await createUser(db, { name: "clara", role: "engineer" }, "test");
  const session = { userId: user.id, sessionVersion: user.sessionVersion };
  expect(await getSessionUser(db, session)).toEqual(user);
  const wrong = { name: "clara", password: "guess" };
  for (let i = 0; i < 5; i++) await verifyLogin(db, wrong);
  const reset = await resetPassword(db, "clara", "test");
  expect(await getSessionUser(db, session)).toBeNull();
  expect(await verifyLogin(db, { name: "clara", password })).toMatchObject({ ok: false });
  expect(await verifyLogin(db, { name: "clara", password: reset.password })).toMatchObject({
    ok: true,
    user: { sessionVersion: 1 },
  });
  await expect(resetPassword(db, "nobody", "test")).rejects.toMatchObject({ code: "not-found" });
});

test("a disabled user neither signs in nor keeps a session", async () => {
  const { db } = handle;
  const { user, password } = await createUser(db, { name: "dora", role: "viewer" }, "test");
  await db.user.update({ where: { name: "dora" }, data: { disabledAt: new Date() } });
  const login = await verifyLogin(db, { name: "dora", password });
  expect(login).toEqual({ ok: false, reason: "refused" });
  const session = { userId: user.id, sessionVersion: user.sessionVersion };
  expect(await getSessionUser(db, session)).toBeNull();
});

test("lists show users without their secrets", async () => {
  const { db } = handle;
  await createUser(db, { name: "emil", role: "viewer", displayName: "Emil" }, "test");
  const { items } = await listUsers(db);
  const emil = items.find(({ name }) => name === "emil");
  expect(emil).toMatchObject({ displayName: "Emil", role: "viewer" });
  expect(Object.keys(emil ?? {})).not.toContain("passwordHash");
});
