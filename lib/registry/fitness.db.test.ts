import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type Database, type DatabaseHandle } from "#lib/db/client.ts";
import { writeGeneration } from "#lib/db/search-records.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeConfirmation,
  makeOptimization,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import { fitnessScores } from "./fitness.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let db: Database;
let today: Awaited<ReturnType<typeof makePrompt>>;
let child: Awaited<ReturnType<typeof makePrompt>>;

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

/** A population in which both prompts were measured in 20 trials. */
beforeEach(async () => {
  today = await makePrompt(db);
  child = await makePrompt(db);
  const optimizationId = await makeOptimization(db, today);
  const measured = (promptId: string, successRate: number) => ({
    promptId,
    objectives: { successRate, costUsd: 0.01, latencyMs: 100 },
    trials: 20,
    successes: Math.round(20 * successRate),
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: 1,
    survived: true,
  });
  await writeGeneration(db, optimizationId, {
    number: 0,
    hypervolume: 0.5,
    individuals: [measured(today.id, 0.3), measured(child.id, 0.9)],
  });
});

const scores = () => fitnessScores(db, [today.id, child.id]);

test("before a proof a prompt's figure is estimated from the search", async () => {
  const found = await scores();
  expect(found.get(today.id)).toMatchObject({ kind: "estimated", value: 0.3, n: 20 });
  expect(found.get(child.id)).toMatchObject({ kind: "estimated", value: 0.9, n: 20 });
});

test("a proof confirms the figures of both its prompts, whatever the search thought of them", async () => {
  await makeConfirmation(db, child, today, makeVerdict());
  const found = await scores();
  expect(found.get(today.id)).toMatchObject({ kind: "confirmed", value: 0.4, n: 50 });
  expect(found.get(child.id)).toMatchObject({ kind: "confirmed", value: 0.7, n: 50 });
});

test("a verdict that opened no sealed row leaves the search's estimate", async () => {
  const nothing = { value: 0, low: 0, high: 1, n: 0 };
  await makeConfirmation(
    db,
    child,
    today,
    makeVerdict({
      kind: "inconclusive",
      reason: "not-tried",
      proof: null,
      baselineSuccess: nothing,
      candidateSuccess: nothing,
    }),
  );
  expect((await scores()).get(child.id)).toMatchObject({ kind: "estimated", value: 0.9 });
});

test("figures of version 0.1 are no confirmation, and never replace one", async () => {
  const earlier = makeVerdict({ reason: "earlier-rules", proof: null });
  await makeConfirmation(db, child, today, earlier);
  const found = await scores();
  expect(found.get(child.id)).toMatchObject({ kind: "estimated", value: 0.7 });
  expect(found.get(today.id)).toMatchObject({ kind: "estimated", value: 0.3 });
  await makeConfirmation(db, child, today, makeVerdict());
  await makeConfirmation(db, child, today, earlier);
  expect((await scores()).get(child.id)).toMatchObject({ kind: "confirmed", value: 0.7 });
});
