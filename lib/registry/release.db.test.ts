import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { execute, sql } from "#lib/db/query.ts";
import { listTagMoves } from "#lib/db/tags.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";
import { reviewPacket } from "#lib/http/views/review-view.ts";
import { updateSettings } from "#lib/settings/settings.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeCandidate, makeProduction, makePrompt } from "#tests/factories.ts";
import { requireAgentType } from "../db/agent-types.ts";
import { approveCandidate } from "./decide.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { lineage } from "./lineage.ts";
import { releaseWithoutProof } from "./release.ts";
import { requireReview } from "./reviews.ts";
import { loadPinned, loadTagged } from "./served-prompt.ts";
import { rollBackTag } from "./tags.ts";
import { listTransitions } from "./transitions.ts";

let testDatabase: TestDatabase;
let handle: DatabaseHandle;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  handle = createDatabase({ url: testDatabase.url, poolMax: 6 });
});

afterAll(async () => {
  await handle.close();
  await testDatabase.drop();
});

beforeEach(() => updateSettings(handle.db, { releaseWithoutProof: true, fourEyes: false }, "test"));

/** What the database said, below the words for people. */
const refusalOf = (writing: Promise<unknown>) =>
  writing.then(
    () => "accepted",
    (error: unknown) => inspect(error, { depth: 10 }),
  );

const reason = "the old one fails on every order";
let agents = 0;

/** An agent type of its own with a prompt in production and a draft that eva wrote. */
async function hotfix(): Promise<{ production: PromptRecord; draft: PromptRecord }> {
  const { db } = handle;
  const agentType = `agent-${++agents}`;
  await makeAgentType(db, { name: agentType });
  const production = await makeProduction(db, { agentType });
  const parents = [{ promptId: production.id, operator: "person" as const }];
  const draft = await makePrompt(db, { agentType, parents, createdBy: "eva" });
  return { production, draft };
}

const release = (promptId: string, more: { prodGeneration?: number; actor?: string } = {}) =>
  releaseWithoutProof(handle.db, { promptId, actor: "ada", reason, prodGeneration: 1, ...more });

test("without the setting nobody releases without proof, and the refusal says who can change that", async () => {
  const { production, draft } = await hotfix();
  await updateSettings(handle.db, { releaseWithoutProof: false }, "test");
  await expect(release(draft.id)).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("An administrator can switch it on"),
  });
  expect((await requirePrompt(handle.db, production.id)).status).toBe("production");
});

test("a release moves prod, archives the holder and stands in both ledgers, audit trail and outbox", async () => {
  const { db } = handle;
  const { production, draft } = await hotfix();
  const released = await release(draft.id);
  expect(released).toMatchObject({
    archivedPromptId: production.id,
    tag: { generation: 2, promptId: draft.id },
    prompt: { status: "production", tags: ["prod"], unproven: true },
  });
  expect((await requirePrompt(db, production.id)).status).toBe("archived");
  const { items: moves } = await listTagMoves(db, { agentType: draft.agentType });
  expect(moves).toMatchObject([
    { toPromptId: draft.id, actor: "ada", reason, unproven: true, evidenceDigest: null },
    { toPromptId: production.id, unproven: false },
  ]);
  const { items: steps } = await listTransitions(db, { promptId: draft.id });
  expect(steps).toMatchObject([
    { from: "draft", to: "production", actor: "ada", reason, unproven: true },
    { from: null, to: "draft", unproven: false },
  ]);
  const audit = await db.auditEvent.findMany({
    where: { subject: `prompt:${draft.id}` },
    orderBy: { id: "asc" },
  });
  expect(audit).toMatchObject([
    { action: "prompt.create" },
    {
      action: "prompt.release",
      actor: "ada",
      before: { status: "draft", production: production.id },
      after: { unproven: true, reason, fourEyes: { required: false, held: true } },
    },
  ]);
  const events = await db.outbox.findMany({ orderBy: { id: "desc" }, take: 2 });
  expect(events).toMatchObject([
    { topic: "prompt.released", payload: { promptId: draft.id, reason, unproven: true } },
    { topic: "tag.moved", payload: { promptId: draft.id, unproven: true } },
  ]);
  expect((await reviewPacket(db, draft.id)).decisions).toMatchObject([
    { decision: "released", reviewer: "ada", reason },
  ]);
});

test("the mark is on agent, review, lineage and fetched prompt until a proven prompt replaces it", async () => {
  const { db } = handle;
  const { production, draft } = await hotfix();
  const { agentType } = draft;
  await release(draft.id);
  const fetched = async () => {
    const served = await loadTagged(db, agentType, "prod");
    return typeof served === "string" ? served : JSON.parse(served.body).unproven;
  };
  const onAgent = async () =>
    (await agentSummary(db, await requireAgentType(db, agentType), new Date())).prod?.unproven;
  const inLineage = async () =>
    (await lineage(db, { agentType })).nodes.filter(({ unproven }) => unproven).map(({ id }) => id);
  const successor = await makeCandidate(db, await requirePrompt(db, draft.id));
  expect([await fetched(), await onAgent(), await inLineage()]).toEqual([true, true, [draft.id]]);
  expect((await reviewPacket(db, successor.id)).production).toMatchObject({
    id: draft.id,
    unproven: true,
  });
  const pinned = await loadPinned(db, agentType, draft.version);
  expect(typeof pinned === "string" ? pinned : JSON.parse(pinned.body)).not.toHaveProperty(
    "unproven",
  );

  const { evidenceDigest, prodGeneration } = await requireReview(db, successor.id);
  const decision = { promptId: successor.id, reviewer: "ada", reason, evidenceDigest };
  await approveCandidate(db, { ...decision, prodGeneration });
  expect([await fetched(), await onAgent(), await inLineage()]).toEqual([false, false, []]);

  // The way back to a prompt without proof brings its mark with it; the one to a proven prompt does not.
  const back = { agentType, actor: "ada", reason };
  await rollBackTag(db, { ...back, expectedGeneration: 3 });
  expect([await fetched(), await onAgent(), await inLineage()]).toEqual([true, true, [draft.id]]);
  await rollBackTag(db, { ...back, expectedGeneration: 4, toPromptId: production.id });
  expect([await fetched(), await onAgent(), await inLineage()]).toEqual([false, false, []]);
});

test("under the four-eyes setting the author cannot release, another administrator can", async () => {
  const { draft } = await hotfix();
  await updateSettings(handle.db, { fourEyes: true }, "test");
  await expect(release(draft.id, { actor: "eva" })).rejects.toMatchObject({
    code: "forbidden",
    details: { reason: "four-eyes" },
  });
  await release(draft.id, { actor: "ada" });
  expect(await handle.db.review.findFirst({ where: { promptId: draft.id } })).toMatchObject({
    decision: "released",
    fourEyesRequired: true,
    fourEyesHeld: true,
  });
});

test("a release decided on another production prompt changes nothing", async () => {
  const { production, draft } = await hotfix();
  await expect(release(draft.id, { prodGeneration: 0 })).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await requirePrompt(handle.db, draft.id)).status).toBe("draft");
  expect((await requirePrompt(handle.db, production.id)).tags).toEqual(["prod"]);
});

test("of many releases at once one wins", async () => {
  const { draft } = await hotfix();
  const { agentType } = draft;
  const drafts = [draft];
  for (let i = 0; i < 9; i++) drafts.push(await makePrompt(handle.db, { agentType }));
  const answers = await Promise.allSettled(drafts.map(({ id }) => release(id)));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const { items } = await listTagMoves(handle.db, { agentType });
  expect(items.map(({ generation }) => generation)).toEqual([2, 1]);
});

test.each(["", "  ", "hotfix", "a b"])("the reason %j says too little", async (little) => {
  const { draft } = await hotfix();
  const said = { promptId: draft.id, actor: "ada", reason: little, prodGeneration: 1 };
  await expect(releaseWithoutProof(handle.db, said)).rejects.toMatchObject({ code: "invalid" });
});

test("an archived prompt, the one in production and a candidate that can be approved are not released", async () => {
  const { db } = handle;
  const { production, draft } = await hotfix();
  await transitionPrompt(db, {
    promptId: draft.id,
    from: "draft",
    to: "archived",
    actor: "eva",
    reason: "not needed",
  });
  const candidate = await makeCandidate(db, production);
  for (const [id, word] of [
    [draft.id, "archived"],
    [production.id, "in production"],
    [candidate.id, "approve it"],
  ] as const)
    await expect(release(id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(word),
    });
});

test("a candidate whose evidence is about another production prompt can be released", async () => {
  const { db } = handle;
  const { production, draft } = await hotfix();
  const stranded = await makeCandidate(db, production);
  await release(draft.id);
  const { prompt } = await release(stranded.id, { prodGeneration: 2 });
  expect(prompt).toMatchObject({ status: "production", unproven: true });
});

test("the database refuses a step into production without proof that no marked move stands beside", async () => {
  const { db } = handle;
  const { draft } = await hotfix();
  const step = (unproven: boolean) =>
    execute(
      db,
      sql`INSERT INTO prompt_transitions (prompt_id, from_status, to_status, actor, reason, unproven)
          VALUES (${draft.id}::uuid, 'draft', 'production', 'eva', ${reason}, ${unproven})`,
    );
  expect(await refusalOf(step(false))).toContain("prompt_transitions_allowed");
  expect(await refusalOf(step(true))).toContain("stands in both ledgers");
  const move = execute(
    db,
    sql`INSERT INTO tag_moves (agent_type, tag, to_prompt_id, generation, actor, reason, unproven)
        VALUES (${draft.agentType}, 'prod', ${draft.id}::uuid, 2, 'eva', 'x', true)`,
  );
  expect(await refusalOf(move)).toContain("stands in both ledgers");
  expect((await requirePrompt(db, draft.id)).status).toBe("draft");
});
