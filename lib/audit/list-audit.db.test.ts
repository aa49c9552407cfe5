import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { appendAudit } from "./append-audit.ts";
import { listAudit } from "./list-audit.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 2 });
  db = handle.db;
  for (const [actor, action, subject] of [
    ["anna", "user.create", "user:bert"],
    ["anna", "user.change", "user:bert"],
    ["bert", "user.change", "user:bert_x"],
    ["bert", "key.create", "key:0123"],
    ["anna", "prompt.approve", "prompt:1"],
  ] as const) {
    await appendAudit(db, { actor, action, subject, before: { n: 1 }, after: { n: 2 } });
  }
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

const actionsOf = async (filter: Parameters<typeof listAudit>[1]) =>
  (await listAudit(db, filter)).items.map(({ action }) => action);

test("the trail is newest first, with before and after", async () => {
  const { items } = await listAudit(db);
  expect(items.map(({ action }) => action)).toEqual([
    "prompt.approve",
    "key.create",
    "user.change",
    "user.change",
    "user.create",
  ]);
  expect(items[0]).toMatchObject({ actor: "anna", before: { n: 1 }, after: { n: 2 } });
});

test("filters are exact, kinds end in their mark, and filters narrow each other", async () => {
  expect(await actionsOf({ actor: "bert" })).toEqual(["key.create", "user.change"]);
  expect(await actionsOf({ action: "user.change" })).toHaveLength(2);
  expect(await actionsOf({ action: "user." })).toHaveLength(3);
  expect(await actionsOf({ action: "user" })).toEqual([]);
  expect(await actionsOf({ subject: "user:bert" })).toEqual(["user.change", "user.create"]);
  expect(await actionsOf({ subject: "user:" })).toHaveLength(3);
  expect(await actionsOf({ subject: "user:", actor: "bert" })).toEqual(["user.change"]);
});

test("a span holds its beginning and not its end", async () => {
  const { items } = await listAudit(db);
  const at = items[0]?.at ?? new Date(0);
  const moments = items.filter((event) => event.at.getTime() === at.getTime()).length;
  expect(await actionsOf({ from: at })).toHaveLength(moments);
  expect(await actionsOf({ to: at })).toHaveLength(items.length - moments);
  expect(await actionsOf({ from: new Date(at.getTime() + 1) })).toEqual([]);
});

test("pages follow each other while the trail grows", async () => {
  const first = await listAudit(db, { limit: 3 });
  await appendAudit(db, { actor: "carl", action: "tag.move", subject: "tag:prod" });
  const second = await listAudit(db, { limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ actor }) => actor)).toEqual([
    "anna",
    "bert",
    "bert",
    "anna",
    "anna",
  ]);
  expect(second.nextCursor).toBeNull();
});
