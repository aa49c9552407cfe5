import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { createTestDatabase } from "#tests/database.ts";
import { fixedPointExport } from "#tests/fixed-point.ts";
import { importKnowledge } from "./import-knowledge.ts";

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

test("an export of 50,575 trials that version 0.1.0 wrote is imported whole, and its runs are read", async () => {
  const { db } = handle;
  // The tags' own lines say what their moves have made of them already.
  expect(await importKnowledge(db, fixedPointExport())).toMatchObject({
    header: { format: 2 },
    created: 136_320,
    known: 6,
  });
  expect(await db.trial.count()).toBe(50_575);
  expect(await db.prompt.count()).toBe(1_370);
  expect((await loadSuite(db, "letters")).filter(({ sealed }) => sealed)).toHaveLength(90);
  const [last] = await db.optimization.findMany({ orderBy: { createdAt: "desc" }, take: 1 });
  const report = await runReport(db, last?.id ?? "", new Date());
  expect(report.finalists.length).toBeGreaterThan(0);
}, 300_000);
