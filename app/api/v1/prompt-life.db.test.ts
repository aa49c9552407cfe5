import { afterAll, beforeAll, expect, test } from "vitest";
import { requirePrompt } from "#lib/db/prompts.ts";
import { agentLineage } from "#lib/http/shapes/agent.ts";
import { renderedPrompt, templateVerdict, transitionPage } from "#lib/http/shapes/prompt.ts";
import { tagMovePage, tagPage, tagShape } from "#lib/http/shapes/tag.ts";
import { approveCandidate } from "#lib/registry/decide.ts";
import { previewTemplate } from "#lib/registry/preview.ts";
import { requireReview } from "#lib/registry/reviews.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeCandidate, makeProduction, makePrompt } from "#tests/factories.ts";
import * as movesRoute from "./agents/[agentType]/tags/[tag]/moves/route.ts";
import * as rollbackRoute from "./agents/[agentType]/tags/[tag]/rollback/route.ts";
import * as tagRoute from "./agents/[agentType]/tags/[tag]/route.ts";
import * as tagsRoute from "./agents/[agentType]/tags/route.ts";
import * as lineageRoute from "./prompts/[promptId]/lineage/route.ts";
import * as renderRoute from "./prompts/[promptId]/render/route.ts";
import * as transitionsRoute from "./prompts/[promptId]/transitions/route.ts";
import * as checkRoute from "./templates/check/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
  await makeAgentType(api.db);
});

afterAll(() => api.close());

const canary = { agentType: "engineer", tag: "canary" };

test("a tag is made, moved by whoever saw its last state, and its moves are kept", async () => {
  const first = await makePrompt(api.db);
  const second = await makePrompt(api.db);
  expect((await api.ask(tagRoute.GET, canary)).status).toBe(404);
  const put = (promptId: string, ifMatch?: string) =>
    api.ask(tagRoute.PUT, canary, {
      method: "PUT",
      body: { promptId, reason: "to be tried first" },
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
  expect((await put(first.id)).status).toBe(428);
  const made = await put(first.id, '"0"');
  expect(made.status).toBe(200);
  expect(made.headers.get("etag")).toBe('"1"');
  expect((await put(second.id, '"0"')).status).toBe(412);
  expect((await put(second.id, '"1"')).status).toBe(200);
  const held = await api.ask(tagRoute.GET, canary);
  expect(held.headers.get("etag")).toBe('"2"');
  expect(tagShape.parse(await held.json())).toMatchObject({ promptId: second.id, generation: 2 });
  const moves = tagMovePage.parse(await (await api.ask(movesRoute.GET, canary)).json());
  expect(moves.items.map(({ toPromptId }) => toPromptId)).toEqual([second.id, first.id]);
  const tags = tagPage.parse(
    await (await api.ask(tagsRoute.GET, { agentType: "engineer" })).json(),
  );
  expect(tags.items.map(({ tag }) => tag)).toEqual(["canary"]);
  const events = await api.db.auditEvent.findMany({ where: { action: "tag.move" } });
  expect(events).toHaveLength(2);
});

test("of twenty movers that saw the same state one moves the tag", async () => {
  const prompt = await makePrompt(api.db);
  const race = { agentType: "engineer", tag: "race" };
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const body = { promptId: prompt.id, reason: "a race" };
      return (await api.ask(tagRoute.PUT, race, { method: "PUT", body, ifMatch: '"0"' })).status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.every((status) => [200, 409, 412].includes(status))).toBe(true);
});

test("prod is rolled back to its former holder, and moved by nobody otherwise", async () => {
  const agentType = "planner";
  await makeAgentType(api.db, { name: agentType });
  const former = await makeProduction(api.db, { agentType });
  const next = await makeCandidate(api.db, former);
  const prod = { agentType, tag: "prod" };
  const back = (ifMatch: string) =>
    api.ask(rollbackRoute.POST, prod, {
      method: "POST",
      ifMatch,
      body: { reason: "the new one loops" },
    });
  expect((await back('"1"')).status).toBe(409);
  const { evidenceDigest } = await requireReview(api.db, next.id);
  const decision = { reviewer: "ada", reason: "better", evidenceDigest, prodGeneration: 1 };
  await approveCandidate(api.db, { promptId: next.id, ...decision });
  const rolled = await back('"2"');
  expect(tagShape.parse(await rolled.json())).toMatchObject({ promptId: former.id, generation: 3 });
  expect(rolled.headers.get("etag")).toBe('"3"');
  const statusOf = async (id: string) => (await requirePrompt(api.db, id)).status;
  expect([await statusOf(former.id), await statusOf(next.id)]).toEqual(["production", "archived"]);
  const body = { promptId: former.id, reason: "by hand" };
  const direct = await api.ask(tagRoute.PUT, prod, { method: "PUT", ifMatch: '"3"', body });
  expect(direct.status).toBe(400);
  expect((await back('"7"')).status).toBe(412);
});

test("another tag goes back to its former holder, or to one that is named and held it once", async () => {
  const tag = { agentType: "engineer", tag: "beta" };
  const ids: string[] = [];
  for (let generation = 0; generation < 3; generation++) {
    const { id: promptId } = await makePrompt(api.db);
    ids.push(promptId);
    const body = { promptId, reason: "to be tried" };
    await api.ask(tagRoute.PUT, tag, { method: "PUT", ifMatch: `"${generation}"`, body });
  }
  const back = async (ifMatch: string, promptId?: string) => {
    const body = { reason: "worse than before", ...(promptId === undefined ? {} : { promptId }) };
    return api.ask(rollbackRoute.POST, tag, { method: "POST", ifMatch, body });
  };
  expect(tagShape.parse(await (await back('"3"')).json()).promptId).toBe(ids[1]);
  expect(tagShape.parse(await (await back('"4"', ids[0])).json()).promptId).toBe(ids[0]);
  expect((await back('"5"', (await makePrompt(api.db)).id)).status).toBe(400);
  const none = { agentType: "engineer", tag: "none" };
  const body = { reason: "there is none" };
  const missing = await api.ask(rollbackRoute.POST, none, { method: "POST", ifMatch: '"0"', body });
  expect(missing.status).toBe(404);
});

test("neither a candidate nor what is in production leaves by a transition", async () => {
  const agentType = "critic";
  await makeAgentType(api.db, { name: agentType });
  const production = await makeProduction(api.db, { agentType });
  const candidate = await makeCandidate(api.db, production);
  for (const { id: promptId, status } of [production, candidate]) {
    const body = { to: "archived", reason: "out of the way" };
    const init = { method: "POST", ifMatch: `"${status}"`, body };
    expect((await api.ask(transitionsRoute.POST, { promptId }, init)).status).toBe(409);
  }
});

test("a draft is released and archived by whoever saw its status", async () => {
  const prompt = await makePrompt(api.db);
  const id = { promptId: prompt.id };
  const move = (to: string, ifMatch: string) =>
    api.ask(transitionsRoute.POST, id, {
      method: "POST",
      ifMatch,
      body: { to, reason: "as agreed" },
    });
  expect((await move("experimental", '"candidate"')).status).toBe(412);
  expect((await move("experimental", '"draft"')).status).toBe(200);
  expect((await move("production", '"experimental"')).status).toBe(400);
  expect((await move("archived", '"experimental"')).status).toBe(200);
  const page = transitionPage.parse(await (await api.ask(transitionsRoute.GET, id)).json());
  expect(page.items.map(({ to }) => to)).toEqual(["archived", "experimental", "draft"]);
});

test("a prompt is rendered for a look, and a refusal says where", async () => {
  const prompt = await makePrompt(api.db, { content: "Solve:\n{{ problem }}\n" });
  const look = async (variables: Record<string, unknown>) =>
    renderedPrompt.parse(
      await (
        await api.ask(
          renderRoute.POST,
          { promptId: prompt.id },
          { method: "POST", body: { variables } },
        )
      ).json(),
    );
  const good = await look({ problem: "a beam" });
  expect(good).toMatchObject({
    text: "Solve:\na beam",
    messages: [{ role: "system", content: "Solve:\na beam" }],
  });
  const bad = await look({});
  expect(bad.messages).toBeNull();
  expect(bad.refusal).toMatchObject({ line: 2 });
  let deep: unknown = [];
  for (let level = 0; level < 10_000; level++) deep = [deep];
  expect(previewTemplate(prompt.content, { problem: deep }).refusal?.reason).toContain("nest");
});

test("a template is judged as a save would judge it", async () => {
  const judge = async (content: string) =>
    templateVerdict.parse(
      await (await api.ask(checkRoute.POST, {}, { method: "POST", body: { content } })).json(),
    );
  expect(await judge("{{ task }} and {{ plan }}")).toEqual({
    ok: true,
    refusals: [],
    variables: ["plan", "task"],
  });
  const refused = await judge("fine\n{% import 'os' as os %}");
  expect(refused.ok).toBe(false);
  expect(refused.refusals[0]).toMatchObject({ line: 2 });
});

test("the family of a prompt is shown from any of its members", async () => {
  const prompt = await makePrompt(api.db);
  const answer = await api.ask(lineageRoute.GET, { promptId: prompt.id });
  const family = agentLineage.parse(await answer.json());
  expect(family.nodes.map(({ id }) => id)).toContain(prompt.id);
});
