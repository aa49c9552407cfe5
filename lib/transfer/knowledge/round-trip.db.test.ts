import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { AppError } from "#lib/errors.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { createUser } from "#lib/users/users.ts";
import { createTestDatabase } from "#tests/database.ts";
import { makePrompt, makeRun } from "#tests/factories.ts";
import { recordRuns } from "../../journal/record-runs.ts";
import { columnOf } from "./columns.ts";
import { exportKnowledge } from "./export-knowledge.ts";
import { importKnowledge } from "./import-knowledge.ts";
import { recordTypes } from "./record-types.ts";
import { fillDatabase } from "./testing/fill-database.ts";

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

async function emptyDatabase(): Promise<Database> {
  const database = await createTestDatabase();
  const { db, close } = createDatabase({ url: database.url, poolMax: 3 });
  closings.push(async () => {
    await close();
    await database.drop();
  });
  return db;
}

async function exportOf(db: Database, since: Date | null = null): Promise<string> {
  const parts: string[] = [];
  await exportKnowledge(db, { since }, async (text) => {
    parts.push(text);
  });
  return parts.join("");
}

async function* bytesOf(text: string, size = 7_001): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const importOf = (db: Database, text: string) => importKnowledge(db, bytesOf(text));
const linesOf = (text: string) => text.trimEnd().split("\n");
const withoutTime = (text: string) => text.replace(/"at":"[^"]*"/, '"at":""');
const line = z.looseObject({ type: z.string() });
const rowsOf = (text: string) => linesOf(text).map((one) => line.parse(JSON.parse(one)));

/** The same file with other rows, its last line made right again. */
function rewritten(text: string, change: (rows: string[]) => string[]): string {
  const [head = "", ...rest] = linesOf(text);
  const rows = change(rest.slice(0, -1));
  const hash = createHash("sha256");
  for (const row of rows) hash.update(`${row}\n`);
  const end = { type: "end", lines: rows.length, sha256: hash.digest("hex") };
  return `${[head, ...rows, JSON.stringify(end)].join("\n")}\n`;
}

async function refusal(db: Database, text: string): Promise<string> {
  const before = withoutTime(await exportOf(db));
  const error: unknown = await importOf(db, text).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw error;
  expect(withoutTime(await exportOf(db)), "nothing is half imported").toBe(before);
  return error.message;
}

test("an export imported into an empty database is the same export again", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  const first = await exportOf(source);
  expect(new Set(rowsOf(first).map(({ type }) => type))).toEqual(
    new Set(["header", ...recordTypes.map(({ type }) => type), "end"]),
  );
  const rows = linesOf(first).length - 2;
  // The tag is there when its own line comes: its moves have made it.
  expect(await importOf(copy, first)).toMatchObject({ created: rows - 1, known: 1 });
  expect(withoutTime(await exportOf(copy))).toBe(withoutTime(first));
});

test("what follows from the rows is there after an import, and the product goes on from it", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  await importOf(copy, await exportOf(source));
  const hours = async (db: Database) => db.journalHour.findMany({ orderBy: { costUsd: "asc" } });
  const statuses = async (db: Database) =>
    db.promptStatusNow.findMany({ orderBy: { promptId: "asc" } });
  expect(await hours(copy)).toEqual(await hours(source));
  expect(await statuses(copy)).toEqual(await statuses(source));
  expect(await productionPrompt(copy, "engineer")).toEqual(
    await productionPrompt(source, "engineer"),
  );
  const { version } = await makePrompt(copy, {});
  expect(version).toBe("3.0.0");
});

test("importing the same again changes nothing", async () => {
  const source = await emptyDatabase();
  await fillDatabase(source);
  const text = await exportOf(source);
  const rows = linesOf(text).length - 2;
  expect(await importOf(source, text)).toMatchObject({ created: 0, known: rows });
  expect(withoutTime(await exportOf(source))).toBe(withoutTime(text));
});

test("an export since the last one, imported after it, is the whole", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  const whole = await exportOf(source);
  await importOf(copy, whole);
  const at = new Date(z.object({ at: z.string() }).parse(rowsOf(whole)[0]).at);
  await makePrompt(source, { content: "Written later." });
  await recordRuns(source, [makeRun()], { source: "api" });
  const later = await exportOf(source, at);
  const kinds = rowsOf(later).map(({ type }) => type);
  expect(kinds).toEqual(
    expect.arrayContaining(["prompt", "prompt-transition", "run", "audit-event"]),
  );
  expect(kinds).not.toContain("benchmark");
  await importOf(copy, later);
  expect(withoutTime(await exportOf(copy))).toBe(withoutTime(await exportOf(source)));
});

test("nothing of an export lets anybody in", async () => {
  const db = await emptyDatabase();
  await fillDatabase(db);
  await createUser(db, { name: "ada", role: "admin" }, "test");
  const { passwordHash } = await db.user.findFirstOrThrow({ where: { name: "ada" } });
  expect(passwordHash).toMatch(/./);
  const text = await exportOf(db);
  expect(text).not.toContain(passwordHash);
  expect(recordTypes.map(({ table }) => table)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/users|api_keys|webhooks|outbox|idempotency/)]),
  );
});

/** Leases and waiting belong to a process of the source; the others follow from what is exported. */
const leftOutColumns = [
  "benchmarks.group_hash",
  "optimizations.lease_owner",
  "optimizations.lease_until",
  "optimizations.waiting_for",
  "optimizations.waiting_since",
  "prompts.version_major",
  "prompts.version_minor",
  "prompts.version_patch",
];
/** Labels have an export of their own, `suites labels`, and a certificate follows from them. */
const leftOutTables = [
  "_prisma_migrations",
  "api_keys",
  "executor_callbacks",
  "idempotency_keys",
  "journal_hours",
  "judge_certifications",
  "judge_labels",
  "loop_orders",
  "outbox",
  "prompt_statuses",
  "users",
  "webhook_deliveries",
  "webhooks",
];

test("every column of every table is exported, or left out on purpose", async () => {
  const db = await emptyDatabase();
  const rows = await queryRows(
    db,
    z.object({ table: z.string(), name: z.string() }),
    sql`SELECT table_name::text AS table, column_name::text AS name FROM information_schema.columns
        WHERE table_schema = 'public'`,
  );
  const exported = recordTypes.flatMap(({ table, fields }) =>
    Object.keys(fields).map((field) => `${table}.${columnOf(field)}`),
  );
  const wanted = rows
    .filter(({ table }) => !leftOutTables.includes(table))
    .map(({ table, name }) => `${table}.${name}`);
  expect([...exported, ...leftOutColumns].toSorted()).toEqual(wanted.toSorted());
});

test("a run that was under way is stopped in the copy, and importing again changes nothing", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  const id = await fillDatabase(source);
  await source.optimization.update({ where: { id }, data: { state: "running", finishedAt: null } });
  const text = await exportOf(source);
  await importOf(copy, text);
  expect(await copy.optimization.findUnique({ where: { id } })).toMatchObject({
    state: "stopped",
    outcome: "It was under way when it was exported.",
  });
  expect(await importOf(copy, text)).toMatchObject({ created: 0 });
  expect(await importOf(source, text)).toMatchObject({ created: 0 });
});

test("rows that contradict those that are there are refused by their line", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  const text = await exportOf(source);
  await importOf(copy, text);
  const at = rowsOf(text).findIndex(({ type }) => type === "review") + 1;
  const other = rewritten(text, (rows) =>
    rows.map((row) => row.replace(/^(.*"review".*)"better"/, '$1"worse"')),
  );
  expect(await refusal(copy, other)).toMatch(
    new RegExp(`^Line ${at}: the review .* is there with another reason; rows are never changed`),
  );
});

test("a database with a history of its own refuses another one", async () => {
  const [source, other] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  await fillDatabase(other);
  expect(await refusal(other, await exportOf(source))).toMatch(
    /^Line 2: the agent-type engineer is there with another createdAt/,
  );
});

test("a file that is cut off, changed or foreign is refused by its line", async () => {
  const [source, copy] = [await emptyDatabase(), await emptyDatabase()];
  await fillDatabase(source);
  const text = await exportOf(source);
  const lines = linesOf(text);
  const last = lines.length;
  const cases: [text: string, message: RegExp][] = [
    ["", /^Line 1: the file is empty/],
    ["agent: x\n", /^Line 1: it is not JSON/],
    ['{"type":"prompt"}\n', /^Line 1: this is no export of Genepool/],
    [
      text.slice(0, text.indexOf("\n", 900) + 20),
      /^Line \d+: the file is cut off within this line/,
    ],
    [
      `${lines.slice(0, -1).join("\n")}\n`,
      new RegExp(`^Line ${last - 1}: the file is cut off after this line`),
    ],
    [`${text}{}\n`, new RegExp(`^Line ${last + 1}: the file goes on after its last line`)],
    [
      text.replace('"format":3', '"format":4'),
      /^Line 1: the export has format 4, and this Genepool reads 3/,
    ],
    [
      text.replace(/"schema":"\d+/, '"schema":"99990101000000'),
      /^Line 1: the export was made at the migration 9999/,
    ],
    [
      text.replace('"reason":"better"', '"reason":"bitter"'),
      new RegExp(`^Line ${last}: the rows are not those`),
    ],
    [
      lines.filter((_, at) => at !== last - 2).join("\n"),
      new RegExp(`^Line ${last - 1}: the file should have ${last - 2} rows and has ${last - 3}`),
    ],
    [
      rewritten(text, (rows) => ['{"type":"spell"}', ...rows]),
      /^Line 2: "spell" is no kind of row/,
    ],
    [rewritten(text, (rows) => ["7", ...rows]), /^Line 2: "" is no kind of row/],
    [text.replace('"system":"single"', '"system":"The Sun"'), /^Line 2: .*at system/],
    [text.replace('"key":"dayCapUsd"', '"key":"nightCapUsd"'), /^Line \d+: .*nightCapUsd/],
    [text.replace('"labels":[]', '"labels":[7]'), /^Line \d+: .*expected string.*labels/],
    [
      rewritten(text, (rows) =>
        rows.map((row) => row.replace("Solve the problem.", "Solve no problem.")),
      ),
      /^Line \d+: the content is not what its hash says/,
    ],
    [
      rewritten(text, (rows) => rows.filter((row) => !row.includes('"toStatus":"experimental"'))),
      /^Line \d+: the prompt-transition is refused: it does not follow from the lines before it/,
    ],
    [
      rewritten(text, (rows) => rows.filter((row) => !/"tag-move".*"generation":2/.test(row))),
      /^Line \d+: the tag-move is refused: the tag "prod" is not where/,
    ],
    [
      rewritten(text, (rows) => rows.filter((row) => !row.startsWith('{"type":"tag-move"'))),
      /^Line \d+: the tag is refused: no tag-move made it so/,
    ],
    [
      rewritten(text, (rows) => rows.filter((row) => !row.startsWith('{"type":"benchmark"'))),
      /^Line \d+: the trial is refused: Another row that this one needs is missing/,
    ],
  ];
  for (const [file, message] of cases) expect(await refusal(copy, file)).toMatch(message);
});
