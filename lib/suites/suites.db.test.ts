import { afterAll, beforeAll, expect, test } from "vitest";
import { listBenchmarks, listSuites, loadBenchmarks, loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { createTestDatabase } from "#tests/database.ts";
import { closeBounded } from "../graders/bounded.ts";
import { gradeAnswers, parseAnswers } from "./grade-answers.ts";
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

test("a check says what an import would do, and does not do it", async () => {
  const { db } = handle;
  const import3 = (text: string[], check: boolean) =>
    importSuite(db, { suite: "checked", text: text.join("\n"), check, actor: "test" });
  await import3(linesOf(3), false);
  const changed = [...linesOf(1, "no"), ...linesOf(5).slice(1)];
  const planned = await import3(changed, true);
  expect(planned).toMatchObject({ checked: true, created: 3, unchanged: 2, retired: 1 });
  expect((await loadSuite(db, "checked")).map(({ expected }) => expected)).toEqual([
    "yes",
    "yes",
    "yes",
  ]);
  const done = await import3(changed, false);
  expect({ ...done, checked: true }).toEqual(planned);
  expect(await import3(linesOf(3), true)).toEqual({
    ...(await import3(linesOf(3), false)),
    checked: true,
  });
});

test("of very many bad lines fifty are listed and all are counted", async () => {
  const text = Array.from({ length: 80 }, () => "{").join("\n");
  const refused = importSuite(handle.db, { suite: "many", text, actor: "test" });
  await expect(refused).rejects.toMatchObject({ details: { badLines: 80 } });
  const { details } = await refused.catch((error) => error);
  expect(details.errors).toHaveLength(50);
});

test("500 benchmarks of our own are imported in one go, and answers to them are graded", async () => {
  const { db } = handle;
  const own = sumsOf(500);
  const request = { suite: "sums", text: own.suite, actor: "test" };
  expect(await importSuite(db, request)).toMatchObject({ created: 500, skipped: [] });
  const { answers, errors } = parseAnswers(own.answers);
  expect(errors).toEqual([]);
  const graded = await gradeAnswers(await loadSuite(db, "sums"), answers, {});
  expect(graded).toMatchObject({ unanswered: [], unknown: [], success: { n: 500, value: 0.8 } });
  expect(graded.failures).toHaveLength(100);
  expect(graded.success.low).toBeCloseTo(0.7627, 3);
  expect(graded.success.high).toBeCloseTo(0.8327, 3);
  await closeBounded();
});

test("bad lines of every kind among 500 are named with their numbers, and not one row is imported", async () => {
  const { db } = handle;
  const rows = sumsOf(500).suite.trim().split("\n");
  const changed = (line: number, change: object) =>
    JSON.stringify({ ...JSON.parse(rows[line - 1] ?? ""), ...change });
  const bad = new Map([
    [10, rows[9]?.slice(0, -3)],
    [20, changed(20, { input: undefined })],
    [30, changed(30, { labels: "yes" })],
    [40, rows[4]],
    [50, changed(50, { input: "x".repeat(200_000) })],
    [60, changed(60, { id: "" })],
    [70, changed(70, { grader: { kind: "regex", pattern: "(?=x)" }, graders: undefined })],
    [80, "[1, 2]"],
    [90, `${rows[89]} ${rows[90]}`],
    [500, "null"],
  ]);
  const text = rows.map((row, index) => bad.get(index + 1) ?? row).join("\r\n");
  const refused = importSuite(db, { suite: "bad-sums", text, actor: "test" });
  await expect(refused).rejects.toThrow(
    /^Nothing was imported: 10 bad lines, the first is line 10/,
  );
  const { details } = await refused.catch((error) => error);
  expect(details.errors.map(({ line }: { line: number }) => line)).toEqual([...bad.keys()]);
  expect(await loadSuite(db, "bad-sums")).toEqual([]);
  await closeBounded();
});

/** Sums asked for in several forms, each with its own grader; every fifth answer is wrong. */
function sumsOf(count: number): { suite: string; answers: string } {
  const rows = Array.from({ length: count }, (_, i) => {
    const sum = 1_000 + i * 7;
    const given = i % 5 === 0 ? sum + 1 : sum;
    const id = `sum-${String(i).padStart(3, "0")}`;
    const forms = [
      {
        grader: { kind: "numeric", tolerance: 0 },
        answer: `It comes to ${given.toLocaleString("en")}.`,
      },
      {
        grader: { kind: "regex", pattern: `= (\\d+)\\.?$`, group: 1 },
        answer: `a + b = ${given}.`,
      },
      { grader: { kind: "json-path", path: "$.sum" }, answer: JSON.stringify({ sum: given }) },
      { grader: { kind: "exact" }, answer: ` ${given} ` },
    ];
    const { grader, answer } = forms[i % forms.length] ?? { grader: undefined, answer: "" };
    return {
      line: { id, input: `${sum - i} + ${i}`, expected: `${sum}`, grader },
      answer: { id, answer },
    };
  });
  return {
    suite: rows.map(({ line }) => JSON.stringify(line)).join("\n"),
    answers: rows.map(({ answer }) => JSON.stringify(answer)).join("\n"),
  };
}

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
  expect((await listSuites(db)).items).toContainEqual({
    suite: "paged",
    benchmarks: 7,
    groups: 7,
    sealed: 3,
  });
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
