import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSuite } from "#lib/db/benchmarks.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { createTestDatabase } from "#tests/database.ts";
import { openRuns } from "./open-runs.ts";

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

test("runs on sealed benchmarks are left out, also where the row itself is retired", async () => {
  const { db } = handle;
  const importLines = (expected: string) =>
    importSuite(db, {
      suite: "s",
      text: Array.from({ length: 10 }, (_, i) =>
        JSON.stringify({ id: `r${i}`, input: `Question ${i}`, expected }),
      ).join("\n"),
      actor: "test",
    });
  await importLines("yes");
  const old = await loadSuite(db, "s");
  await importLines("no");
  const rows = [...old, ...(await loadSuite(db, "s"))];
  expect(rows.filter(({ sealed }) => sealed)).toHaveLength(10);
  const runs = [null, ...rows.map(({ id }) => id)].map((benchmarkId) => ({ benchmarkId }));
  const open = rows.filter(({ sealed }) => !sealed).map(({ id }) => id);
  expect((await openRuns(db, runs)).map(({ benchmarkId }) => benchmarkId)).toEqual([null, ...open]);
});
