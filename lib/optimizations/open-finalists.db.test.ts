import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import type { VerdictKind } from "#lib/domain/experiment.ts";
import { approveCandidate } from "#lib/registry/decide.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeCandidate,
  makeConfirmation,
  makeOptimization,
  makeProduction,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import { openFinalists } from "./open-finalists.ts";

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

test("after an approval the finalists that no proof rejected are open, until they are proven against the new prompt", async () => {
  const { db } = handle;
  const agentType = "engineer";
  await makeAgentType(db);
  const production = await makeProduction(db);
  const optimizationId = await makeOptimization(db, production);
  const inRun = async (prompt: PromptRecord, baseline: PromptRecord, kind: VerdictKind) => {
    const id = await makeConfirmation(db, prompt, baseline, makeVerdict({ kind }));
    await db.experiment.update({ where: { id }, data: { optimizationId } });
  };
  const [winner, second] = [
    await makeCandidate(db, production),
    await makeCandidate(db, production),
  ];
  const undecided = await makePrompt(db, { agentType });
  const rejected = await makePrompt(db, { agentType });
  await inRun(winner, production, "promote-eligible");
  await inRun(second, production, "cheaper-equal");
  await inRun(undecided, production, "inconclusive");
  await inRun(rejected, production, "reject");
  const open = async () => (await openFinalists(db, optimizationId)).map(({ id }) => id);
  expect(await open()).toEqual([]);

  const { evidenceDigest, prodGeneration } = await requireReview(db, winner.id);
  const decision = { promptId: winner.id, reviewer: "ada", reason: "better" };
  await approveCandidate(db, { ...decision, evidenceDigest, prodGeneration });
  expect(await open()).toEqual([second.id, undecided.id]);

  await makeConfirmation(db, second, winner, makeVerdict({ kind: "inconclusive" }));
  expect(await open()).toEqual([undecided.id]);
});
