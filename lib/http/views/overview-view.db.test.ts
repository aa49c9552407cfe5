import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { setWaiting } from "#lib/db/optimizations.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeOptimization,
  makeProduction,
  makePrompt,
  makeRun,
} from "#tests/factories.ts";
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

test("an agent with a real model that needs work is suggested to a person, a simulated one is not", async () => {
  const { db } = handle;
  for (const [name, defaultModel] of [
    ["real", "openai:gpt-4.1-mini"],
    ["pretend", "simulated"],
  ] as const) {
    await makeAgentType(db, { name, defaultModel, thresholds: { minimumRuns: 1 } });
    const { id: promptId } = await makeProduction(db, { agentType: name });
    const run = makeRun({ agentType: name, promptId, outcome: "failure" });
    await recordRuns(db, [run], { source: "api" });
  }
  const { attention, automation } = await overview(db, new Date());
  expect(automation).toBe("by-model");
  const sentenceOf = (name: string) =>
    attention.find(({ agentType }) => agentType === name)?.sentence ?? "";
  expect(sentenceOf("real")).toContain("An optimization is suggested");
  expect(sentenceOf("pretend")).toContain("succeeds in 0 %");
  expect(sentenceOf("pretend")).not.toContain("suggested");
});
