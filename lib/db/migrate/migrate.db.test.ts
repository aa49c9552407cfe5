import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { createEmptyDatabase, createTestDatabase } from "#tests/database.ts";
import {
  deployMigrations,
  migrationStatus,
  pendingSchemaChanges,
  refuseNewerSchema,
  schemaDrift,
} from "./migrate.ts";

const root = path.join(import.meta.dirname, "../../..");
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function emptyDatabase(): Promise<string> {
  const database = await createEmptyDatabase();
  cleanups.push(database.drop);
  return database.url;
}

/** A project folder with our schema and, unless `migrations` says otherwise, our migrations; more can be added. */
function projectWith(
  more: Readonly<Record<string, string>>,
  migrations: "ours" | "none" = "none",
): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "genepool-migrations-"));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const target = path.join(folder, "prisma/migrations");
  mkdirSync(target, { recursive: true });
  cpSync(path.join(root, "prisma/schema.prisma"), path.join(folder, "prisma/schema.prisma"));
  if (migrations === "ours")
    cpSync(path.join(root, "prisma/migrations"), target, { recursive: true });
  else writeFileSync(path.join(target, "migration_lock.toml"), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(more)) {
    mkdirSync(path.join(target, name));
    writeFileSync(path.join(target, name, "migration.sql"), sql);
  }
  return folder;
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("all migrations replayed into an empty database are schema.prisma", async () => {
  expect(await pendingSchemaChanges(await emptyDatabase(), root)).toBe("");
});

test("a deployed database is up to date, has no drift, and is left alone by a second deployment", async () => {
  const database = await createTestDatabase();
  cleanups.push(database.drop);
  const status = await migrationStatus(database.url, root);
  expect(status.applied.length).toBeGreaterThan(0);
  expect(status).toMatchObject({ pending: [], unknown: [], failed: [], edited: [] });
  expect(await schemaDrift(database.url, root)).toBe("");
  expect(await deployMigrations(database.url, root)).toEqual([]);
});

test("a function body with semicolons inside is applied as one statement", async () => {
  const url = await emptyDatabase();
  const sql = `
    CREATE TABLE item (id int PRIMARY KEY, touched int NOT NULL DEFAULT 0);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.touched := NEW.id * 2; -- a comment; with a semicolon
      RETURN NEW;
    END;
    $$;
    CREATE TRIGGER touch BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION touch();`;
  const project = projectWith({ "20300101000000_trigger": sql });
  expect(await deployMigrations(url, project)).toEqual(["20300101000000_trigger"]);
  expect(await rows(url, "INSERT INTO item (id) VALUES (21) RETURNING touched")).toEqual([
    { touched: 42 },
  ]);
});

test("a migration whose second statement fails leaves nothing behind and blocks the next deployment", async () => {
  const url = await emptyDatabase();
  const sql = "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);";
  const project = projectWith({ "20300101000000_half": sql });
  await expect(deployMigrations(url, project)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/20300101000000_half could not be applied.*"nowhere"/),
  });
  expect(await rows(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  expect((await migrationStatus(url, project)).failed).toEqual(["20300101000000_half"]);
  await expect(deployMigrations(url, project)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("20300101000000_half"),
  });
});

test("a database that knows a migration this code does not have is refused as newer", async () => {
  const url = await emptyDatabase();
  const ours = projectWith({ "20300101000000_first": "CREATE TABLE first (id int);" });
  const newer = projectWith({
    "20300101000000_first": "CREATE TABLE first (id int);",
    "20300102000000_later": "CREATE TABLE later (id int);",
  });
  expect(await deployMigrations(url, newer)).toHaveLength(2);
  await expect(deployMigrations(url, ours)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/newer than this code: it has 20300102000000_later/),
  });
});

test("a migration edited after it was applied is named", async () => {
  const url = await emptyDatabase();
  const before = projectWith({ "20300101000000_first": "CREATE TABLE first (id int);" });
  const after = projectWith({ "20300101000000_first": "CREATE TABLE first (id bigint);" });
  await deployMigrations(url, before);
  expect((await migrationStatus(url, after)).edited).toEqual(["20300101000000_first"]);
});

test("four deployments at once apply each migration once", async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([1, 2, 3, 4].map(() => deployMigrations(url, root)));
  const names = applied.flat();
  expect(new Set(names).size).toBe(names.length);
  expect((await migrationStatus(url, root)).pending).toEqual([]);
});

test("drift names a table that no migration made", async () => {
  const database = await createTestDatabase();
  cleanups.push(database.drop);
  await rows(database.url, "CREATE TABLE by_hand (id int PRIMARY KEY)");
  expect(await schemaDrift(database.url, root)).toContain('DROP TABLE "by_hand"');
});

test("only unknown migrations make a schema newer", () => {
  const status = { applied: ["a"], pending: ["b"], unknown: [], failed: [], edited: ["a"] };
  expect(() => refuseNewerSchema(status)).not.toThrow();
  expect(() => refuseNewerSchema({ ...status, unknown: ["c"] })).toThrow(/it has c/);
});
