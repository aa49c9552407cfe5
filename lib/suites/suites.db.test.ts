import { afterAll, beforeAll, expect, test } from "vitest";
import { listBenchmarks, listSuites, loadBenchmarks, loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { importSuite } from "./import-suite.ts";

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

const linesOf = (count: number, expected = "yes") =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: `case-${String(i).padStart(4, "0")}`, input: `Case ${i}`, expected }),
  );

test("importing a suite again changes nothing", async () => {
  const { db } = handle;
  const text = linesOf(1_200).join("\n");
  const first = await importSuite(db, { suite: "again", text, actor: "test" });
  expect(first).toMatchObject({ created: 1_200, unchanged: 0, retired: 0, skipped: [] });
  const ids = (await loadSuite(db, "again")).map(({ id }) => id);
  const second = await importSuite(db, { suite: "again", text, actor: "test" });
  expect(second).toMatchObject({ created: 0, unchanged: 1_200, retired: 0 });
  expect((await loadSuite(db, "again")).map(({ id }) => id)).toEqual(ids);
});

test("a changed benchmark is a new row; the old one is drawn no more but still readable", async () => {
  const { db } = handle;
  await importSuite(db, { suite: "changing", text: linesOf(3).join("\n"), actor: "test" });
  const [old] = await loadSuite(db, "changing");
  const changed = [...linesOf(1, "no"), ...linesOf(3).slice(1)].join("\n");
  const answer = await importSuite(db, { suite: "changing", text: changed, actor: "test" });
  expect(answer).toMatchObject({ created: 1, unchanged: 2, retired: 1 });
  const now = await loadSuite(db, "changing");
  expect(now.map(({ expected }) => expected)).toEqual(["no", "yes", "yes"]);
  expect(await loadBenchmarks(db, [old?.id ?? ""])).toEqual([old]);
  const back = await importSuite(db, {
    suite: "changing",
    text: linesOf(3).join("\n"),
    actor: "test",
  });
  expect(back).toMatchObject({ created: 0, retired: 1 });
  expect((await loadSuite(db, "changing"))[0]).toEqual(old);
});

test("one bad line and nothing is imported, unless bad lines are to be skipped", async () => {
  const { db } = handle;
  const text = [...linesOf(2), "{", ...linesOf(3).slice(2)].join("\n");
  await expect(importSuite(db, { suite: "bad", text, actor: "test" })).rejects.toMatchObject({
    code: "invalid",
    details: { errors: [{ line: 3 }] },
  });
  expect(await loadSuite(db, "bad")).toEqual([]);
  const answer = await importSuite(db, { suite: "bad", text, skipBadLines: true, actor: "test" });
  expect(answer).toMatchObject({ created: 3, skipped: [{ line: 3 }] });
});

test("benchmarks page through a suite once, and suites are counted", async () => {
  const { db } = handle;
  await importSuite(db, { suite: "paged", text: linesOf(7).join("\n"), actor: "test" });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listBenchmarks(db, { suite: "paged", limit: 3, cursor });
    seen.push(...page.items.map(({ externalId }) => externalId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual((await loadSuite(db, "paged")).map(({ externalId }) => externalId));
  expect((await listSuites(db)).items).toContainEqual({ suite: "paged", benchmarks: 7 });
});

test("the database refuses to change or delete a benchmark", async () => {
  const { db } = handle;
  await importSuite(db, { suite: "fixed", text: linesOf(1).join("\n"), actor: "test" });
  for (const statement of [
    "UPDATE benchmarks SET expected = 'other' WHERE suite = 'fixed'",
    "DELETE FROM benchmarks WHERE suite = 'fixed'",
  ]) {
    await expect(db.$executeRawUnsafe(statement)).rejects.toMatchObject({
      meta: { driverAdapterError: { cause: { originalCode: "23001" } } },
    });
  }
});
