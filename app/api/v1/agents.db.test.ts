import { afterAll, beforeAll, expect, test } from "vitest";
import { agentSummary } from "#lib/http/shapes/agent.ts";
import { errorEnvelope } from "#lib/http/shapes/common.ts";
import { addAgent } from "#lib/registry/add-agent.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { genomeOf } from "#tests/factories.ts";
import * as agentRoute from "./agents/[agentType]/route.ts";
import * as agentsRoute from "./agents/route.ts";

let api: ApiCaller;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

const settings = {
  suite: "sums",
  description: "Adds numbers.",
  requiredVariables: ["input"],
  defaultModel: "simulated",
};
const prompt = { content: "Add {{ input }}.", parameters: {}, tools: [] };
const add = (body: unknown) => api.ask(agentsRoute.POST, {}, { method: "POST", body });
const show = async (agentType: string) =>
  agentSummary.parse(await (await api.ask(agentRoute.GET, { agentType })).json());

test("a new agent type has its first prompt in production and leaves a trace", async () => {
  const answer = await add({ name: "adder", ...settings, prompt });
  expect(answer.status).toBe(201);
  const agent = agentSummary.parse(await answer.json());
  expect(agent).toMatchObject({
    name: "adder",
    system: "single",
    defaultModel: "simulated:standard",
    prod: { version: "1.0.0", generation: 1 },
  });
  expect(await show("adder")).toEqual(agent);
  const trail = await api.db.auditEvent.findMany({ orderBy: { id: "asc" } });
  expect(trail.map(({ action }) => action).slice(-3)).toEqual([
    "agent.create",
    "prompt.create",
    "tag.move",
  ]);
});

test("a name is given out once, to one of many who ask at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => add({ name: "racer", ...settings, prompt })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
});

test("a refused template says where and leaves no agent type behind", async () => {
  const content = "Add\n{{ input | nope }}";
  const answer = await add({ name: "broken", ...settings, prompt: { ...prompt, content } });
  expect(answer.status).toBe(400);
  const { error } = errorEnvelope.parse(await answer.json());
  expect(error.details).toMatchObject({ refusals: [{ line: 2 }] });
  expect((await api.ask(agentRoute.GET, { agentType: "broken" })).status).toBe(404);
});

test("the command line's second call writes the settings anew and leaves production alone", async () => {
  const call = (content: string, description: string) =>
    addAgent(api.db, {
      agent: { name: "again", ...settings, description },
      genome: genomeOf(content),
      message: "from a file",
      actor: "command line",
      mayExist: true,
    });
  await call("First {{ input }}.", "one");
  const { prompt: second } = await call("Second {{ input }}.", "two");
  expect(second.status).toBe("draft");
  expect(await show("again")).toMatchObject({ description: "two", prod: { version: "1.0.0" } });
});

test("a change of one threshold leaves the others, and the trail has both states", async () => {
  await add({ name: "changed", ...settings, thresholds: { minimumRuns: 7 }, prompt });
  const change = (body: unknown) =>
    api.ask(agentRoute.PATCH, { agentType: "changed" }, { method: "PATCH", body });
  const first = await change({ thresholds: { successRateMin: 0.9 } });
  expect(agentSummary.parse(await first.json())).toMatchObject({
    description: "Adds numbers.",
    thresholds: { minimumRuns: 7, successRateMin: 0.9 },
  });
  expect((await change({ description: "Adds." })).status).toBe(200);
  expect((await change({ thresholds: { successRateMin: 2 } })).status).toBe(400);
  expect((await change({ suite: "other" })).status).toBe(400);
  expect(await show("changed")).toMatchObject({
    description: "Adds.",
    thresholds: { minimumRuns: 7, successRateMin: 0.9 },
  });
  const where = { subject: "agent:changed", action: "agent.update" };
  const [event] = await api.db.auditEvent.findMany({ where, orderBy: { id: "asc" } });
  expect(event).toMatchObject({
    actor: "ada",
    before: { thresholds: { successRateMin: 0.5 } },
    after: { thresholds: { successRateMin: 0.9 } },
  });
});
