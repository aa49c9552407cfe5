import { afterAll, beforeAll, expect, test } from "vitest";
import { agentLineage } from "#lib/http/shapes/agent.ts";
import { renderedPrompt, templateVerdict, transitionPage } from "#lib/http/shapes/prompt.ts";
import { tagMovePage, tagPage, tagShape } from "#lib/http/shapes/tag.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeProduction, makePrompt } from "#tests/factories.ts";
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
  const prod = { agentType, tag: "prod" };
  const back = (ifMatch: string) =>
    api.ask(rollbackRoute.POST, prod, {
      method: "POST",
      ifMatch,
      body: { reason: "the new one loops" },
    });
  expect((await back('"1"')).status).toBe(409);
  const body = { promptId: former.id, reason: "by hand" };
  const direct = await api.ask(tagRoute.PUT, prod, { method: "PUT", ifMatch: '"1"', body });
  expect(direct.status).toBe(400);
  expect((await back('"7"')).status).toBe(412);
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
  expect(good.messages?.[0]?.content).toContain("a beam");
  const bad = await look({});
  expect(bad.messages).toBeNull();
  expect(bad.refusal).toMatchObject({ line: 2 });
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
