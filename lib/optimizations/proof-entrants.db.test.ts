import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentTypeInput, saveAgentType } from "#lib/db/agent-types.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { optimizationSummaries } from "#lib/http/views/optimization-view.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeCandidate, makeProduction, makePrompt } from "#tests/factories.ts";
import { transitionPrompt } from "../registry/lifecycle.ts";
import { importSuite } from "../suites/import-suite.ts";
import { previewOptimization } from "./preview.ts";
import { queueOptimization } from "./queue-optimization.ts";

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

async function agent(
  content = "Answer {{ input }}.",
): Promise<{ name: string; production: PromptRecord }> {
  const name = `agent-${++agents}`;
  await makeAgentType(handle.db, { name });
  return { name, production: await makeProduction(handle.db, { agentType: name, ...of(content) }) };
}

const of = (content: string) => ({
  genome: {
    content,
    parameters: { temperature: 0, topP: 1, maxSteps: 1, maxOutputTokens: 64 },
    tools: [],
  },
});

const queue = (agentType: string, prompts: readonly { id: string }[]) =>
  queueOptimization(handle.db, {
    agentType,
    config: optimizationConfig.parse({ prove: prompts.map(({ id }) => id) }),
    trigger: "person",
    createdBy: "eva",
  });

const change = (name: string, agentType: Partial<AgentTypeInput>) =>
  saveAgentType(handle.db, {
    name,
    system: "single",
    suite: "test",
    description: "An agent of the tests.",
    allowedTools: ["calculator", "simulate"],
    defaultModel: "simulated",
    ...agentType,
  });

test("drafts, experimental prompts and candidates are proven in one run, in the order they were named", async () => {
  const { db } = handle;
  const { name, production } = await agent();
  const draft = await makePrompt(db, { agentType: name });
  const tried = await makePrompt(db, { agentType: name });
  const step = { promptId: tried.id, actor: "test", reason: "tried" };
  await transitionPrompt(db, { ...step, from: "draft", to: "experimental" });
  const candidate = await makeCandidate(db, production);
  const entrants = [candidate, draft, tried];
  const { id } = await queue(name, entrants);
  const run = await requireOptimization(db, id);
  expect(run.config.prove).toEqual(entrants.map((one) => one.id));
  const [summary] = await optimizationSummaries(db, [run], new Date());
  expect(summary?.proves.map(({ version }) => version)).toEqual(
    entrants.map(({ version }) => version),
  );
  const audit = await db.auditEvent.findFirst({ where: { subject: `optimization:${id}` } });
  expect(audit?.after).toMatchObject({ prove: entrants.map(({ version }) => version) });
});

test("what cannot be proven is refused with its version and the reason", async () => {
  const { db } = handle;
  const { name, production } = await agent();
  const foreign = await makePrompt(db, { agentType: (await agent()).name });
  const archived = await makePrompt(db, { agentType: name });
  const step = { promptId: archived.id, actor: "test", reason: "aside" };
  await transitionPrompt(db, { ...step, from: "draft", to: "archived" });
  const draft = await makePrompt(db, { agentType: name });
  const cases = [
    [[production], "conflict", "measured against"],
    [[archived], "conflict", `${archived.version} is archived`],
    [[foreign], "invalid", "belongs to the agent type"],
    [[draft, draft], "invalid", "named twice"],
    [[{ id: "00000000-0000-4000-8000-000000000000" }], "not-found", "no prompt"],
  ] as const;
  for (const [prompts, code, words] of cases)
    await expect(queue(name, prompts)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
});

test("a prompt that breaks a rule its agent type has got since is refused", async () => {
  const { db } = handle;
  const { name } = await agent("Answer {{ input }}. Never give legal advice.");
  const draft = await makePrompt(db, { agentType: name, content: `Answer ${name}.` });
  const tooled = await makePrompt(db, {
    agentType: name,
    genome: { ...of("Answer {{ input }} with tools.").genome, tools: ["simulate"] },
  });
  await change(name, { requiredVariables: ["input"] });
  await expect(queue(name, [draft])).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(`the variable "input"`),
  });
  await change(name, { protectedTexts: ["Never give legal advice."] });
  await expect(queue(name, [draft])).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("protected text"),
  });
  await change(name, { allowedTools: [] });
  await expect(queue(name, [tooled])).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("simulate"),
  });
});

test("the preview of a proof counts no search and asks no proposer", async () => {
  const { db } = handle;
  const { name, production } = await agent();
  const lines = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ id: `q${i}`, input: `${i} + ${i}`, expected: String(2 * i) }),
  );
  await importSuite(db, { suite: "test", text: lines.join("\n"), actor: "test" });
  const drafts = [
    await makePrompt(db, { agentType: name }),
    await makePrompt(db, { agentType: name }),
  ];
  const previewOf = (prove: string[]) =>
    previewOptimization(db, {
      agentType: name,
      config: optimizationConfig.parse({ prove }),
      prices: {},
      now: new Date("2026-12-01T12:00:00Z"),
    });
  const [one, two, search] = [
    await previewOf(drafts.slice(0, 1).map(({ id }) => id)),
    await previewOf(drafts.map(({ id }) => id)),
    await previewOf([]),
  ];
  expect(two).toMatchObject({
    incumbent: { id: production.id },
    proves: drafts.map(({ id, version }) => ({ id, version })),
    proposerCalls: { low: 0, high: 0 },
    proposerUsd: { low: 0, high: 0 },
  });
  // Each further prompt costs one arm, and the incumbent's arm is there already.
  expect(two.trials.high).toBeGreaterThan(one.trials.high);
  expect(two.trials.high).toBeLessThan(2 * one.trials.high);
  expect(two.plan.race.trials).toBe(0);
  expect(search.proves).toEqual([]);
});
