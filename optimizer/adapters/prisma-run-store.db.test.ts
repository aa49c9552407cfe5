import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeCandidate,
  makeConfirmation,
  makeOptimization,
  makeProduction,
  makeVerdict,
} from "#tests/factories.ts";
import type { RunStore } from "../ports.ts";
import { createPrismaRunStore } from "./prisma-run-store.ts";

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

let agents = 0;

/** A candidate that waits, and the store of a run that has proven it again. */
async function provenAgain(): Promise<{
  candidate: PromptRecord;
  store: RunStore;
  judged: Parameters<RunStore["nominate"]>[0][number];
}> {
  const { db } = handle;
  const agentType = `agent-${++agents}`;
  await makeAgentType(db, { name: agentType });
  const production = await makeProduction(db, { agentType });
  const candidate = await makeCandidate(db, production);
  const verdict = makeVerdict({ sentence: "Measured again." });
  const experimentId = await makeConfirmation(db, candidate, production, verdict);
  const id = await makeOptimization(db, production);
  return {
    candidate,
    store: createPrismaRunStore(db, { id, agentType, simulated: true }, "suite"),
    judged: { promptId: candidate.id, experimentId, verdict },
  };
}

const eventsOf = ({ id }: PromptRecord) =>
  handle.db.outbox.count({
    where: { topic: "prompt.candidate", payload: { path: ["promptId"], equals: id } },
  });

test("a candidate that a newer proof does not confirm leaves the queue, with the verdict as the reason", async () => {
  const { candidate, store, judged } = await provenAgain();
  for (let attempt = 0; attempt < 2; attempt++) await store.withdraw([judged]);
  expect((await requirePrompt(handle.db, candidate.id)).status).toBe("experimental");
  expect((await requireReview(handle.db, candidate.id)).blocked).toContain("not a candidate");
  const audit = { subject: `prompt:${candidate.id}`, action: "prompt.withdrawn" };
  expect(await handle.db.auditEvent.count({ where: audit })).toBe(1);
  const steps = await handle.db.promptTransition.findMany({
    where: { promptId: candidate.id },
    orderBy: { id: "desc" },
    take: 1,
  });
  expect(steps).toMatchObject([{ toStatus: "experimental", reason: "Measured again." }]);
});

test("a candidate that is proven again stays in the queue, and its new evidence is told once", async () => {
  const { candidate, store, judged } = await provenAgain();
  for (let attempt = 0; attempt < 2; attempt++) await store.nominate([judged]);
  expect((await requirePrompt(handle.db, candidate.id)).status).toBe("candidate");
  expect(await eventsOf(candidate)).toBe(1);
});

test("what a person rejected meanwhile stays rejected", async () => {
  const { candidate, store, judged } = await provenAgain();
  const step = { promptId: candidate.id, actor: "ada", reason: "not wanted" };
  await handle.db.promptTransition.create({
    data: { ...step, fromStatus: "candidate", toStatus: "archived" },
  });
  await store.nominate([judged]);
  await store.withdraw([judged]);
  expect((await requirePrompt(handle.db, candidate.id)).status).toBe("archived");
  expect(await eventsOf(candidate)).toBe(0);
});
