import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { execute, sql } from "#lib/db/query.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
  genomeOf,
  makeAgentType,
  makeCandidate,
  makeProduction,
  makePrompt,
} from "#tests/factories.ts";
import { getPromptByVersion, listPrompts, requirePrompt } from "../db/prompts.ts";
import { createPrompt } from "./create-prompt.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { lineage } from "./lineage.ts";
import { installProduction, productionPrompt } from "./production.ts";
import { moveTag } from "./tags.ts";

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

let agents = 0;
async function agentType(): Promise<string> {
  const name = `agent-${++agents}`;
  await makeAgentType(handle.db, { name, requiredVariables: [] });
  return name;
}

const by = { actor: "test", reason: "test" };

test("versions: a seed is 1.0.0, the optimizer's child grows the patch, a person's edit the minor part", async () => {
  const { db } = handle;
  const name = await agentType();
  const seed = await makePrompt(db, { agentType: name, change: "seed" });
  const parents = [{ promptId: seed.id, operator: "variation" as const }];
  const child = await makePrompt(db, { agentType: name, change: "optimizer", parents });
  const sibling = await makePrompt(db, { agentType: name, change: "optimizer", parents });
  const edit = await makePrompt(db, { agentType: name, change: "person", parents });
  const versions = [seed, child, sibling, edit].map(({ version }) => version);
  expect(versions).toEqual(["1.0.0", "1.0.1", "1.0.2", "1.1.0"]);
});

test("a child whose template reads other variables gets a new major version", async () => {
  const { db } = handle;
  const name = await agentType();
  const seed = await makePrompt(db, { agentType: name, change: "seed", content: "{{ a }}" });
  const parents = [{ promptId: seed.id, operator: "variation" as const }];
  const content = "{{ a }} and {{ b }}";
  const child = await makePrompt(db, { agentType: name, change: "optimizer", parents, content });
  expect(child.version).toBe("2.0.0");
});

test("the same content again answers with the row that exists", async () => {
  const { db } = handle;
  const name = await agentType();
  const save = () =>
    createPrompt(db, {
      agentType: name,
      genome: genomeOf("Be brief.", ["simulate", "calculator", "simulate"]),
      change: "person",
      parents: [],
      createdBy: "anna",
      message: "first",
    });
  const first = await save();
  const second = await save();
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.prompt).toEqual(first.prompt);
  expect(first.prompt.tools).toEqual(["calculator", "simulate"]);
});

test("fifty creators at once never collide and use each version once", async () => {
  const { db } = handle;
  const name = await agentType();
  const seed = await makePrompt(db, { agentType: name, change: "seed" });
  const parents = [{ promptId: seed.id, operator: "variation" as const }];
  const children = await Promise.all(
    Array.from({ length: 50 }, () =>
      makePrompt(db, { agentType: name, change: "optimizer", parents }),
    ),
  );
  const patches = children.map(({ version }) => Number(version.split(".")[2]));
  expect(patches.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
});

test("twenty savers of the same content at once make one row", async () => {
  const { db } = handle;
  const name = await agentType();
  const prompts = await Promise.all(
    Array.from({ length: 20 }, () => makePrompt(db, { agentType: name, content: "One." })),
  );
  expect(new Set(prompts.map(({ id }) => id)).size).toBe(1);
});

test("unknown tools, unknown parents and parents of another agent type are refused", async () => {
  const { db } = handle;
  const [name, other] = [await agentType(), await agentType()];
  const foreign = await makePrompt(db, { agentType: other });
  const refused = { code: "invalid" };
  const genome = genomeOf("Use it.", ["teleport"]);
  await expect(makePrompt(db, { agentType: name, genome })).rejects.toMatchObject(refused);
  for (const promptId of [foreign.id, crypto.randomUUID()]) {
    const parents = [{ promptId, operator: "variation" as const }];
    await expect(makePrompt(db, { agentType: name, parents })).rejects.toMatchObject(refused);
  }
});

test("the database refuses UPDATE, DELETE and TRUNCATE of prompts and ledgers, for owners and as a replica too", async () => {
  const { db } = handle;
  await makePrompt(db, { agentType: await agentType() });
  const production = await makeProduction(db, { agentType: await agentType() });
  await makeCandidate(db, production);
  const statements = [
    "UPDATE prompts SET content = 'other'",
    "DELETE FROM prompts",
    "TRUNCATE prompts CASCADE",
    "UPDATE prompt_parents SET operator = 'seed'",
    "DELETE FROM prompt_transitions",
    "UPDATE tag_moves SET reason = 'other'",
    "TRUNCATE tag_moves",
    "DELETE FROM prompt_tags",
    "UPDATE prompt_statuses SET status = 'production'",
    "DELETE FROM prompt_statuses",
  ];
  for (const role of ["origin", "replica"]) {
    for (const statement of statements) {
      const attempt = db.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`SET LOCAL session_replication_role = ${role}`);
        await tx.$executeRawUnsafe(statement);
      });
      await expect(attempt, `${statement} as ${role}`).rejects.toMatchObject({
        meta: { driverAdapterError: { cause: { originalCode: "23001" } } },
      });
    }
  }
});

test("the code refuses moves that the lifecycle does not have, and moves from a status that is over", async () => {
  const { db } = handle;
  const { id: promptId } = await makePrompt(db, { agentType: await agentType() });
  const illegal = transitionPrompt(db, { ...by, promptId, from: "draft", to: "production" });
  await expect(illegal).rejects.toMatchObject({ code: "invalid" });
  const stale = transitionPrompt(db, { ...by, promptId, from: "candidate", to: "production" });
  await expect(stale).rejects.toMatchObject({ code: "conflict" });
  expect((await requirePrompt(db, promptId)).status).toBe("draft");
});

test("the database refuses the same moves by itself, a start outside draft included", async () => {
  const { db } = handle;
  const { id } = await makePrompt(db, { agentType: await agentType() });
  const insert = (from: string | null, to: string) =>
    execute(
      db,
      sql`INSERT INTO prompt_transitions (prompt_id, from_status, to_status, actor, reason)
          VALUES (${id}::uuid, ${from}, ${to}, 'test', 'test')`,
    );
  await expect(insert("draft", "production")).rejects.toMatchObject({ code: "invalid" });
  await expect(insert("candidate", "production")).rejects.toMatchObject({ code: "conflict" });
  await expect(insert(null, "production")).rejects.toMatchObject({ code: "conflict" });
  const bare = crypto.randomUUID();
  const start = db.$transaction(async (tx) => {
    const { id: _, ...row } = await tx.prompt.findUniqueOrThrow({ where: { id } });
    const fresh = { version: "9.0.0", contentHash: "other", parameters: {} };
    await tx.prompt.create({ data: { ...row, ...fresh, id: bare } });
    await tx.promptTransition.create({
      data: { promptId: bare, fromStatus: null, toStatus: "production", ...by },
    });
  });
  await expect(start).rejects.toMatchObject({
    meta: { driverAdapterError: { cause: { originalCode: "23514" } } },
  });
});

test("a tag moves by compare-and-swap: of twenty moves that saw the same generation one succeeds", async () => {
  const { db } = handle;
  const name = await agentType();
  const { id: promptId } = await makePrompt(db, { agentType: name });
  for (const expectedGeneration of [0, 1]) {
    const moves = Array.from({ length: 20 }, () =>
      moveTag(db, { ...by, agentType: name, tag: "experiment-a", promptId, expectedGeneration }),
    );
    const answers = await Promise.allSettled(moves);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  }
  const ledger = await db.tagMove.findMany({ where: { agentType: name }, orderBy: { id: "asc" } });
  expect(ledger.map(({ generation, fromPromptId }) => [generation, fromPromptId])).toEqual([
    [1, null],
    [2, promptId],
  ]);
});

test("a tag points at prompts of its own agent type only, and prod is moved by approvals only", async () => {
  const { db } = handle;
  const [name, other] = [await agentType(), await agentType()];
  const foreign = await makePrompt(db, { agentType: other });
  const move = { ...by, agentType: name, promptId: foreign.id, expectedGeneration: 0 };
  await expect(moveTag(db, { ...move, tag: "beta" })).rejects.toMatchObject({ code: "invalid" });
  await expect(moveTag(db, { ...move, tag: "prod" })).rejects.toMatchObject({ code: "invalid" });
  await expect(moveTag(db, { ...move, tag: "No Tag" })).rejects.toMatchObject({ code: "invalid" });
});

test("the first production prompt is installed once", async () => {
  const { db } = handle;
  const name = await agentType();
  const production = await makeProduction(db, { agentType: name });
  expect(await productionPrompt(db, name)).toMatchObject({
    tagGeneration: 1,
    contentHash: production.contentHash,
    prompt: { id: production.id, status: "production" },
  });
  const second = await makePrompt(db, { agentType: name });
  const install = installProduction(db, { promptId: second.id, ...by });
  await expect(install).rejects.toMatchObject({ code: "conflict" });
});

test("lists page through every prompt once, newest first, whatever is added meanwhile", async () => {
  const { db } = handle;
  const name = await agentType();
  const made = [];
  for (let i = 0; i < 7; i++) made.push((await makePrompt(db, { agentType: name })).id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listPrompts(db, { agentType: name, limit: 3, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await makePrompt(db, { agentType: name });
  } while (cursor !== null);
  expect(seen).toEqual(made.toReversed());
  await expect(listPrompts(db, { cursor: "nonsense" })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("the lineage holds every ancestor and descendant with operators, generations and deciding experiments", async () => {
  const { db } = handle;
  const name = await agentType();
  const production = await makeProduction(db, { agentType: name });
  const candidate = await makeCandidate(db, production);
  const grandchild = await makePrompt(db, {
    agentType: name,
    change: "optimizer",
    generation: 3,
    parents: [
      { promptId: candidate.id, operator: "crossover" },
      { promptId: production.id, operator: "crossover" },
    ],
  });
  const stranger = await makePrompt(db, { agentType: name });

  const whole = await lineage(db, { agentType: name });
  expect(whole.nodes.map(({ id }) => id)).toContain(stranger.id);
  const family = await lineage(db, { agentType: name, promptId: candidate.id });

  expect(family.nodes.map(({ id, depth }) => [id, depth])).toEqual([
    [production.id, 0],
    [candidate.id, 1],
    [grandchild.id, 2],
  ]);
  // A proof confirms the success of both its prompts.
  expect(family.nodes.map(({ fitnessScore }) => fitnessScore)).toEqual([0.4, 0.7, null]);
  expect(family.edges.map(({ operator, position }) => [operator, position])).toEqual([
    ["variation", 0],
    ["crossover", 0],
    ["crossover", 1],
  ]);
  expect(family.edges[0]?.experimentId).not.toBeNull();
  expect(family.prodMoves.map(({ toPromptId }) => toPromptId)).toEqual([production.id]);
});

test("a prompt is found by agent type and version, and nowhere by an id that is none", async () => {
  const { db } = handle;
  const name = await agentType();
  const prompt = await makePrompt(db, { agentType: name });
  expect(await getPromptByVersion(db, name, prompt.version)).toEqual(prompt);
  await expect(requirePrompt(db, "42")).rejects.toMatchObject({ code: "not-found" });
});
