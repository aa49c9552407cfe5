import { afterAll, beforeAll, expect, test } from "vitest";
import { listBenchmarks, listSuites, loadBenchmarks, loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { createTestDatabase } from "#tests/database.ts";
import { importSuite } from "./import-suite.ts";
import { groupOf } from "./input-groups.ts";
import { sealedCount } from "./seal.ts";

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

const linesOf = (from: number, to: number, more: object = {}) =>
  Array.from({ length: to - from }, (_, i) => ({
    id: `case-${String(from + i).padStart(3, "0")}`,
    input: `Question ${from + i}?`,
    expected: (from + i) % 2 === 0 ? "even" : "odd",
    ...more,
  }));
const importLines = (suite: string, lines: readonly object[]) =>
  importSuite(handle.db, {
    suite,
    text: lines.map((line) => JSON.stringify(line)).join("\n"),
    actor: "test",
  });
const sealOf = async (suite: string) =>
  new Map(
    (await loadSuite(handle.db, suite)).map(({ externalId, sealed }) => [externalId, sealed]),
  );
const sealed = (seal: ReadonlyMap<string, boolean>) => [...seal.values()].filter(Boolean).length;

test("an import seals half of the groups, and rows that ask the same are on one side", async () => {
  const copies = linesOf(0, 60).map((line) => ({
    ...line,
    id: `copy-${line.id}`,
    input: `  ${line.input.toUpperCase().replace("?", "")} `,
  }));
  await importLines("sealed", [...linesOf(0, 60), ...copies]);
  const rows = await loadSuite(handle.db, "sealed");
  expect(new Set(rows.filter((row) => row.sealed).map(({ group }) => group)).size).toBe(30);
  for (const row of rows) {
    expect(row.group).toBe(groupOf(row.input));
    const twin = rows.find(({ externalId }) => externalId === `copy-${row.externalId}`);
    if (twin !== undefined) expect([twin.group, twin.sealed]).toEqual([row.group, row.sealed]);
  }
});

test("a suite that grows or changes keeps every side", async () => {
  await importLines("growing", linesOf(0, 50));
  const before = await sealOf("growing");
  await importLines("growing", [...linesOf(0, 30, { expected: "other" }), ...linesOf(50, 100)]);
  const after = await sealOf("growing");
  expect(after.size).toBe(100);
  for (const [id, side] of before) expect(after.get(id), id).toBe(side);
  expect(sealed(after)).toBe(sealedCount(100));
});

test("the same suite has the same seal wherever it is imported, and under any name", async () => {
  await importLines("here", linesOf(0, 90));
  await importLines("there", linesOf(0, 90).reverse());
  expect(await sealOf("there")).toEqual(await sealOf("here"));
});

test("the list of suites counts inputs and sealed inputs, of suites of before there were groups too", async () => {
  await storeWithoutGroups("listed", 41);
  const { items } = await listSuites(handle.db);
  expect(items).toContainEqual({ suite: "listed", benchmarks: 41, groups: 41, sealed: 20 });
});

test("two imports into one suite at once leave every group one side and the wanted total", async () => {
  await Promise.all([
    importLines("crowded", linesOf(0, 80)),
    importLines("crowded", linesOf(40, 120)),
    importLines("crowded", linesOf(20, 100)),
  ]);
  expect(sealed(await sealOf("crowded"))).toBe(sealedCount(120));
});

/** As a suite was stored before there were groups. */
async function storeWithoutGroups(suite: string, count: number): Promise<void> {
  await handle.db.benchmark.createMany({
    data: linesOf(0, count).map(({ id, input, expected }, i) => ({
      id: `00000000-0000-4000-8000-${suite.length}${String(i).padStart(11, "0")}`,
      suite,
      externalId: id,
      input,
      expected,
      labels: [],
      grader: { kind: "exact", ignoreCase: true },
      contentHash: `${suite} ${id}`,
    })),
  });
}

test("a suite of before there were groups has the seal of a new one, whoever reads it first, and keeps it", async () => {
  await importLines("new", linesOf(0, 64));
  await storeWithoutGroups("old", 64);
  const [first] = await loadBenchmarks(handle.db, ["00000000-0000-4000-8000-300000000000"]);
  const seals = await Promise.all([sealOf("old"), sealOf("old")]);
  for (const seal of seals) expect(seal).toEqual(await sealOf("new"));
  expect(first?.sealed).toBe(seals[0]?.get("case-000"));
  const { items } = await listBenchmarks(handle.db, { suite: "old", limit: 100 });
  expect(new Map(items.map((row) => [row.externalId, row.sealed]))).toEqual(seals[0]);
  expect(await handle.db.benchmark.count({ where: { suite: "old", groupHash: null } })).toBe(0);
});

test("an import into a suite of before there were groups seals what was there as it stood", async () => {
  await storeWithoutGroups("older", 64);
  await importLines("newer", linesOf(0, 64));
  await importLines("older", linesOf(64, 128));
  await importLines("newer", linesOf(64, 128));
  expect(await sealOf("older")).toEqual(await sealOf("newer"));
});

test("required rows are so marked, their mark makes another row, and without it the hash is the old one", async () => {
  await importLines("marked", [...linesOf(0, 1, { required: true }), ...linesOf(1, 2)]);
  const rows = await loadSuite(handle.db, "marked");
  expect(rows.map(({ required }) => required)).toEqual([true, false]);
  const unmarked = await importLines("marked", linesOf(0, 2, { required: false }));
  expect(unmarked).toMatchObject({ created: 1, unchanged: 1, retired: 1 });
  // As version 0.1.0 stored it.
  const [first] = await loadSuite(handle.db, "marked");
  expect(first?.contentHash).toBe(
    "f3afbec26c7d2f2ed129277caedf6f2a30703e247a89447024df69aedaa26d21",
  );
});

test("every problem of the workbench is required, and half of each family is sealed", async () => {
  await seedWorkbench(handle.db);
  const rows = await loadSuite(handle.db, "workbench");
  expect(rows.every(({ required }) => required)).toBe(true);
  const perFamily = new Map<string | null, number>();
  for (const row of rows)
    if (row.sealed) perFamily.set(row.family, (perFamily.get(row.family) ?? 0) + 1);
  expect([...new Set(perFamily.values())]).toEqual([4]);
  expect(perFamily.size).toBe(11);
});

test("the database refuses to move a group, to forget one, and to give a benchmark another group", async () => {
  await importLines("fixed", linesOf(0, 2));
  for (const statement of [
    "UPDATE suite_groups SET sealed = NOT sealed",
    "DELETE FROM suite_groups",
    "TRUNCATE suite_groups",
    "UPDATE benchmarks SET group_hash = 'other' WHERE suite = 'fixed'",
    "UPDATE benchmarks SET group_hash = NULL WHERE suite = 'fixed'",
    "UPDATE benchmarks SET required = true WHERE suite = 'fixed'",
  ]) {
    await expect(handle.db.$executeRawUnsafe(statement), statement).rejects.toMatchObject({
      meta: { driverAdapterError: { cause: { originalCode: "23001" } } },
    });
  }
});
