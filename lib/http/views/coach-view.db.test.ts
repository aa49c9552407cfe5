import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { writeStep } from "#lib/db/search-records.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makePrompt } from "#tests/factories.ts";
import { optimizationDetail as detailShape } from "../shapes/optimization.ts";
import { optimizationDetail } from "./optimization-view.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url });
  db = handle.db;
  await makeAgentType(db);
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

async function coachShownFor(coach: unknown) {
  const id = await makeOptimization(db, await makePrompt(db));
  await writeStep(db, id, 0, "hypothesize", { insights: [], coach });
  return detailShape.parse(await optimizationDetail(db, id, new Date())).coach;
}

const decision = { tune: "critic", section: null, reason: "Because." };

test("the coach's tallies are shown with their intervals, and its runs with the steps they stand on", async () => {
  const judged = {
    runId: "trace/engineer",
    fault: "critic-missed-error",
    saw: "passed",
    response: "none",
    verdictStep: 7,
    submissionStep: 5,
  };
  const quoted = { stepIndex: 7, quote: "Looks fine to me." };
  const { runId, fault } = judged;
  const example = { runId, fault, statement: "The critic passed it.", evidence: [quoted] };
  const tallies = {
    "critic-missed-error": 8,
    "engineer-ignored-critic": 1,
    neither: 1,
    unclear: 10,
  };
  const shown = await coachShownFor({ ...decision, tallies, runs: [judged], examples: [example] });
  expect(shown).toMatchObject({ tallies, runs: [judged], examples: [example] });
  expect(shown?.shares["critic-missed-error"]).toMatchObject({ value: 0.8, n: 10 });
  expect(shown?.shares["engineer-ignored-critic"]).toMatchObject({ value: 0.05, n: 20 });
});

test("what an earlier version stored is still shown", async () => {
  const tallies = { "critic-missed-error": 3, "engineer-ignored-critic": 0, neither: 1 };
  const shown = await coachShownFor({ ...decision, tallies });
  expect(shown).toMatchObject({ tune: "critic", runs: [], examples: [] });
  expect(shown?.tallies.unclear).toBe(0);
});
