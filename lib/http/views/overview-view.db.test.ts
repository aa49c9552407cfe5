import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { setWaiting } from "#lib/db/optimizations.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makePrompt } from "#tests/factories.ts";
import { overview } from "./overview-view.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url });
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

test("a run that waits for Temporal needs attention, with the reason and since when, until it goes on", async () => {
  const { db } = handle;
  await makeAgentType(db);
  const id = await makeOptimization(db, await makePrompt(db));
  const now = new Date();
  await setWaiting(db, id, { reason: "it cannot be reached", since: now });
  const waits = expect.objectContaining({
    kind: "optimization-waiting",
    optimizationId: id,
    since: now.toISOString(),
    sentence: expect.stringContaining("waits for Temporal: it cannot be reached."),
  });
  expect((await overview(db, now)).attention).toEqual([waits]);
  await setWaiting(db, id, null);
  expect((await overview(db, now)).attention).toEqual([]);
});
