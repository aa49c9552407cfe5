import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { listTagMoves } from "#lib/db/tags.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
  makeAgentType,
  makeCandidate,
  makeConfirmation,
  makeProduction,
  makePrompt,
  makeVerdict,
} from "#tests/factories.ts";
import { requirePrompt } from "../db/prompts.ts";
import { AppError } from "../errors.ts";
import { approveCandidate, type Decision, rejectCandidate } from "./decide.ts";
import { productionPrompt } from "./production.ts";
import { requireReview, reviewQueue } from "./reviews.ts";
import { rollBackTag } from "./tags.ts";

let handle: DatabaseHandle;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  handle = createDatabase({ url: database.url, poolMax: 20 });
});

afterAll(async () => {
  await handle.close();
  await drop();
});

let agents = 0;

/** An agent type of its own with a production prompt, so that tests share the database but not rows. */
async function agentWithProduction() {
  const name = `agent-${++agents}`;
  await makeAgentType(handle.db, { name });
  return makeProduction(handle.db, { agentType: name });
}

async function decisionOn(promptId: string): Promise<Decision> {
  const { evidenceDigest, prodGeneration } = await requireReview(handle.db, promptId);
  return { promptId, reviewer: "anna", reason: "convincing", evidenceDigest, prodGeneration };
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : `${error}`);

test("of 100 approvals of different candidates at once exactly one wins and the ledger has one row", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const candidates = [];
  for (let i = 0; i < 100; i++) candidates.push(await makeCandidate(db, production));
  const decisions = await Promise.all(candidates.map(({ id }) => decisionOn(id)));

  const answers = await Promise.allSettled(
    decisions.map((decision) => approveCandidate(db, decision)),
  );

  const won = answers.filter((answer) => answer.status === "fulfilled");
  const lost = answers.flatMap((answer) =>
    answer.status === "rejected" ? [codeOf(answer.reason)] : [],
  );
  expect(won).toHaveLength(1);
  expect(lost).toEqual(Array.from({ length: 99 }, () => "conflict"));
  const { agentType } = production;
  const moves = await listTagMoves(db, { agentType });
  expect(moves.items.map(({ generation }) => generation)).toEqual([2, 1]);
  const winner = won[0]?.value.prompt;
  expect(moves.items[0]).toMatchObject({
    fromPromptId: production.id,
    toPromptId: winner?.id,
    actor: "anna",
  });
  expect((await productionPrompt(db, agentType))?.prompt.id).toBe(winner?.id);
  const statuses = await db.promptStatusNow.groupBy({
    by: ["status"],
    where: { agentType },
    _count: true,
    orderBy: { status: "asc" },
  });
  expect(statuses.map(({ status, _count }) => [status, _count])).toEqual([
    ["archived", 1],
    ["candidate", 99],
    ["production", 1],
  ]);
  const ids = candidates.map(({ id }) => id);
  expect(await db.review.count({ where: { promptId: { in: ids } } })).toBe(1);
  const others = (await reviewQueue(db)).items.filter((entry) => ids.includes(entry.prompt.id));
  expect(others).toHaveLength(99);
  expect(others.every(({ blocked }) => blocked !== null)).toBe(true);
});

test("an approval archives the former production prompt and tells the audit trail and the outbox", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const candidate = await makeCandidate(db, production);
  const decision = await decisionOn(candidate.id);
  const approval = await approveCandidate(db, decision);

  expect(approval).toMatchObject({
    archivedPromptId: production.id,
    tag: { generation: 2, promptId: candidate.id },
    prompt: { status: "production", tags: ["prod"] },
  });
  expect((await requirePrompt(db, production.id)).status).toBe("archived");
  const audit = await db.auditEvent.findMany({
    where: { subject: `prompt:${candidate.id}` },
    orderBy: { id: "asc" },
  });
  expect(audit).toMatchObject([
    { action: "prompt.create" },
    { action: "prompt.approve", actor: "anna" },
  ]);
  const events = await db.outbox.findMany({ orderBy: { id: "desc" }, take: 2 });
  expect(events.map(({ topic }) => topic)).toEqual(["prompt.approved", "tag.moved"]);
});

test("a decision about other evidence than the present one is refused", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const candidate = await makeCandidate(db, production);
  const decision = await decisionOn(candidate.id);
  await makeConfirmation(db, candidate, production, makeVerdict({ kind: "reject" }));
  await expect(approveCandidate(db, decision)).rejects.toMatchObject({ code: "conflict" });
  expect((await productionPrompt(db, production.agentType))?.prompt.id).toBe(production.id);
});

test("evidence against a prompt that is no longer in production approves nothing, even when looked at anew", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const [first, second] = [
    await makeCandidate(db, production),
    await makeCandidate(db, production),
  ];
  await approveCandidate(db, await decisionOn(first.id));
  const review = await requireReview(db, second.id);
  expect(review.blocked).toContain("compared with another prompt");
  await expect(approveCandidate(db, await decisionOn(second.id))).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a prompt without a finished confirmation cannot be approved", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const draft = await makePrompt(db, { agentType: production.agentType });
  await expect(approveCandidate(db, await decisionOn(draft.id))).rejects.toMatchObject({
    code: "conflict",
    message: "The prompt is draft, not a candidate.",
  });
});

test("a rejection needs a reason, archives the candidate and can be made once", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const candidate = await makeCandidate(db, production);
  const decision = await decisionOn(candidate.id);
  const silent = rejectCandidate(db, { ...decision, reason: " " });
  await expect(silent).rejects.toMatchObject({ code: "invalid" });
  const rejected = await rejectCandidate(db, { ...decision, reason: "too long" });
  expect(rejected.status).toBe("archived");
  const again = rejectCandidate(db, { ...decision, reason: "too long" });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
  const reviews = await db.review.findMany({ where: { promptId: candidate.id } });
  expect(reviews).toMatchObject([{ decision: "rejected", reason: "too long" }]);
});

test("a roll-back brings the former prompt back into production and archives the present one", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const { agentType } = production;
  const candidate = await makeCandidate(db, production);
  await approveCandidate(db, await decisionOn(candidate.id));
  const roll = { agentType, actor: "anna", reason: "worse in the field" };

  const late = rollBackTag(db, { ...roll, expectedGeneration: 1 });
  await expect(late).rejects.toMatchObject({ code: "conflict" });
  const tag = await rollBackTag(db, { ...roll, expectedGeneration: 2 });

  expect(tag).toMatchObject({ promptId: production.id, generation: 3 });
  expect((await requirePrompt(db, production.id)).status).toBe("production");
  expect((await requirePrompt(db, candidate.id)).status).toBe("archived");
});

test("a roll-back goes only to prompts that were in production", async () => {
  const { db } = handle;
  const production = await agentWithProduction();
  const { agentType } = production;
  const draft = await makePrompt(db, { agentType });
  const roll = { agentType, expectedGeneration: 1, actor: "anna", reason: "try" };
  const toDraft = rollBackTag(db, { ...roll, toPromptId: draft.id });
  await expect(toDraft).rejects.toMatchObject({ code: "invalid" });
  await expect(rollBackTag(db, roll)).rejects.toMatchObject({ code: "conflict" });
});
