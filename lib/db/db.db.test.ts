import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase } from "#tests/database.ts";
import { createDatabase, type DatabaseHandle } from "./client.ts";
import { decodeCursor, encodeCursor, pageLimit } from "./cursor.ts";
import { translateDatabaseError } from "./errors.ts";
import { execute, queryRow, sql } from "./query.ts";
import { inTransaction } from "./transaction.ts";

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

test("a database that does not answer is unavailable, not an internal error", async () => {
  const silent = createDatabase({ url: "postgres://nobody@127.0.0.1:1/none" });
  const failed = await silent.db.agentType.findMany().catch(translateDatabaseError);
  expect(failed).toMatchObject({ code: "unavailable" });
  await expect(execute(silent.db, sql`SELECT 1`)).rejects.toMatchObject({ code: "unavailable" });
  await silent.close();
});

test("errors that are not the database's come back as they are", () => {
  const error = new RangeError("mine");
  expect(translateDatabaseError(error)).toBe(error);
});

test("transactions that would contradict each other are run again until all have succeeded", async () => {
  const { db } = handle;
  await execute(db, sql`CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)`);
  await execute(db, sql`INSERT INTO counters VALUES (1, 0), (2, 0)`);
  const bump = (first: number, second: number) =>
    inTransaction(db, async (tx) => {
      // Opposite orders: Postgres ends one of them as a deadlock.
      await execute(tx, sql`UPDATE counters SET value = value + 1 WHERE id = ${first}::int`);
      await execute(tx, sql`SELECT pg_sleep(0.05)`);
      await execute(tx, sql`UPDATE counters SET value = value + 1 WHERE id = ${second}::int`);
    });
  await Promise.all([bump(1, 2), bump(2, 1)]);
  const total = await queryRow(
    db,
    z.object({ sum: z.int() }),
    sql`SELECT sum(value)::int AS sum FROM counters`,
  );
  expect(total).toEqual({ sum: 4 });
});

test("a row that is not what the query promised is refused, not passed on", async () => {
  const row = queryRow(handle.db, z.object({ n: z.string() }), sql`SELECT 1 AS n`);
  await expect(row).rejects.toMatchObject({ code: "internal" });
});

test("a cursor is read back as it was made, and any other text is refused", () => {
  const key = z.strictObject({ at: z.string(), n: z.number() });
  expect(decodeCursor(key, encodeCursor({ at: "ä", n: 3 }))).toEqual({ at: "ä", n: 3 });
  expect(decodeCursor(key, null)).toBeNull();
  for (const text of ["", "x", encodeCursor({ at: "ä" }), encodeCursor({ at: "ä", n: 3, m: 1 })]) {
    expect(() => decodeCursor(key, text)).toThrow("gave out no such cursor");
  }
  for (const limit of [0, 501, 1.5]) expect(() => pageLimit({ limit })).toThrow("1 to 500");
});
