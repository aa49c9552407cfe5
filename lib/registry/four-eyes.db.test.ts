import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import { reviewPacket } from "#lib/http/views/review-view.ts";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeConfirmation,
  makeOptimization,
  makeProduction,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import { approveCandidate, type Decision, rejectCandidate } from "./decide.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { requireReview } from "./reviews.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

let agents = 0;

async function production(): Promise<PromptRecord> {
  const agentType = `agent-${++agents}`;
  await makeAgentType(handle.db, { name: agentType });
  return makeProduction(handle.db, { agentType });
}

/** A candidate against a production prompt of its own, proposed by `createdBy`. */
async function candidateOf(createdBy: string, optimizedBy?: string): Promise<string> {
  const { db } = handle;
  const baseline = await production();
  const optimizationId = optimizedBy === undefined ? null : await makeOptimization(db, baseline);
  if (optimizationId !== null && optimizedBy !== undefined)
    await db.optimization.update({
      where: { id: optimizationId },
      data: { createdBy: optimizedBy },
    });
  const child = await makePrompt(db, {
    agentType: baseline.agentType,
    createdBy,
    parents: [{ promptId: baseline.id, operator: "variation" }],
    optimizationId,
  });
  const by = { promptId: child.id, actor: "test", reason: "measured" };
  await transitionPrompt(db, { ...by, from: "draft", to: "experimental" });
  await makeConfirmation(db, child, baseline, makeVerdict());
  await transitionPrompt(db, { ...by, from: "experimental", to: "candidate" });
  return child.id;
}

async function decide(promptId: string, reviewer: string): Promise<Decision> {
  const { evidenceDigest, prodGeneration } = await requireReview(handle.db, promptId);
  return { promptId, reviewer, reason: "convincing", evidenceDigest, prodGeneration };
}

const approve = async (promptId: string, reviewer: string) =>
  approveCandidate(handle.db, await decide(promptId, reviewer));

const rule = (fourEyes: boolean) => updateSettings(handle.db, { fourEyes }, "test");

async function decisionsOn(promptId: string) {
  return (await reviewPacket(handle.db, promptId)).decisions;
}

const refused = { code: "forbidden", details: { reason: "four-eyes" } };

test("a team of one approves its own prompt, and the ledger says that nobody else looked", async () => {
  await rule(false);
  const own = await candidateOf("ada");
  await approve(own, "ada");
  expect(await decisionsOn(own)).toMatchObject([{ fourEyes: { required: false, held: false } }]);
  const others = await candidateOf("ada");
  await approve(others, "bob");
  expect(await decisionsOn(others)).toMatchObject([{ fourEyes: { required: false, held: true } }]);
});

test("under four eyes the author may not approve and leaves no trace; anybody else may", async () => {
  await rule(true);
  const id = await candidateOf("ada");
  await expect(approve(id, "ada")).rejects.toMatchObject(refused);
  expect(await decisionsOn(id)).toEqual([]);
  expect((await requireReview(handle.db, id)).prompt.status).toBe("candidate");
  await approve(id, "bob");
  expect(await decisionsOn(id)).toMatchObject([{ fourEyes: { required: true, held: true } }]);
});

test("under four eyes who started the optimization may not approve what it found", async () => {
  await rule(true);
  const id = await candidateOf("optimizer", "ada");
  await expect(approve(id, "ada")).rejects.toMatchObject(refused);
  await approve(id, "bob");
});

test("what the observer started by itself anybody may approve", async () => {
  await rule(true);
  await approve(await candidateOf("optimizer", "observer"), "ada");
});

test("a key counts as the person behind it, on either side and through keys that made keys", async () => {
  await rule(true);
  const key = async (actor: string) => {
    const input = { name: "program", scopes: ["prompts:promote" as const] };
    return `key:${(await createApiKey(handle.db, input, actor)).apiKey.prefix}`;
  };
  const first = await key("ada");
  const second = await key(first);
  const byPerson = await candidateOf("ada");
  await expect(approve(byPerson, second)).rejects.toMatchObject(refused);
  const byKey = await candidateOf(second);
  await expect(approve(byKey, "ada")).rejects.toMatchObject(refused);
  await expect(approve(byKey, await key("ada"))).rejects.toMatchObject(refused);
  await approve(byKey, await key("bob"));
});

test("under four eyes a proposer may still withdraw by a rejection", async () => {
  await rule(true);
  const id = await candidateOf("ada");
  await rejectCandidate(handle.db, await decide(id, "ada"));
  expect(await decisionsOn(id)).toMatchObject([
    { decision: "rejected", fourEyes: { required: true, held: false } },
  ]);
});
