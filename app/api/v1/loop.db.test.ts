import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType } from "#tests/factories.ts";

const agentType = "engineer";
let api: ApiCaller;
let handlers: typeof import("./agents/[agentType]/loop/route.ts");

beforeAll(async () => {
  // Nothing listens there.
  vi.stubEnv("TEMPORAL_ADDRESS", "127.0.0.1:9");
  api = await startApi();
  handlers = await import("./agents/[agentType]/loop/route.ts");
  await makeAgentType(api.db, { name: agentType });
});

afterAll(() => api.close());

const order = (body: unknown) => api.ask(handlers.POST, { agentType }, { method: "POST", body });
const show = async () => (await api.ask(handlers.GET, { agentType })).json();

test("while Temporal is away an order is written down and shown as waiting, and the answer does not wait with it", async () => {
  const taken = await order({ kind: "schedule", cron: "0 3 * * *" });
  expect(taken.status).toBe(202);
  const began = performance.now();
  const shown = await show();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(shown).toMatchObject({ configured: true, state: null, cron: null });
  expect(shown.unknown).toMatch(/do not answer/);
  expect(shown.orders).toMatchObject([
    { kind: "schedule", cron: "0 3 * * *", requestedBy: "ada", deliveredAt: null },
  ]);
});

test("an order that cannot be meant is refused at the edge with the reason", async () => {
  const wrong = await order({ kind: "schedule", cron: "61 3 * * *" });
  expect(wrong.status).toBe(400);
  expect((await wrong.json()).error.message).toMatch(/minute, hour, day, month and weekday/);
  expect((await order({ kind: "pause", cron: "0 3 * * *" })).status).toBe(400);
});

test("a hundred orders may wait, and the next one is refused", async () => {
  for (let i = 1; i < 100; i++) expect((await order({ kind: "pause" })).status).toBe(202);
  const refused = await order({ kind: "pause" });
  expect(refused.status).toBe(429);
  expect((await refused.json()).error.message).toMatch(/wait for Temporal already/);
});
