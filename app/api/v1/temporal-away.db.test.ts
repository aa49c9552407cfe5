/** Temporal is configured and does not answer: what people and controllers read is as ever, and nothing asks Temporal. */
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { type ApiCaller, startApi } from "#tests/api-caller.ts";
import { makeAgentType, makeOptimization, makeProduction } from "#tests/factories.ts";

const agentType = "engineer";
const calls: Socket[] = [];
let silent: Server;
let api: ApiCaller;

beforeAll(async () => {
  // It takes connections and never says a word: whoever waits for it waits long.
  silent = createServer((socket) => {
    calls.push(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  vi.stubEnv("TEMPORAL_ADDRESS", `127.0.0.1:${port}`);
  api = await startApi();
  await makeAgentType(api.db, { name: agentType });
  const incumbent = await makeProduction(api.db, { agentType });
  await makeOptimization(api.db, incumbent);
});

afterAll(async () => {
  await api.close();
  for (const socket of calls) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

test("controllers fetch the production prompt a hundred times, and no one of them reaches for Temporal", async () => {
  const { GET } = await import("./agents/[agentType]/prompt/route.ts");
  const scopes = ["prompts:read" as const];
  const { key } = await createApiKey(api.db, { name: "controller", scopes }, "test");
  const ask = () =>
    GET(
      new Request(`http://genepool.test/api/v1/agents/${agentType}/prompt?tag=prod`, {
        headers: { host: "genepool.test", authorization: `Bearer ${key}` },
      }),
    );
  expect((await ask()).status).toBe(200);
  const began = performance.now();
  for (let i = 0; i < 100; i++) expect((await ask()).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(calls).toHaveLength(0);
});

test("what the pages read is answered without Temporal; only the loop's state is said to be unknown", async () => {
  const began = performance.now();
  const read = async (module: Promise<{ GET: unknown }>, params: Record<string, unknown> = {}) => {
    const { GET } = await module;
    const handler = GET as Parameters<ApiCaller["ask"]>[0];
    return (await api.ask(handler, params)).status;
  };
  const statuses = [
    await read(import("./overview/route.ts")),
    await read(import("./agents/route.ts")),
    await read(import("./agents/[agentType]/route.ts"), { agentType }),
    await read(import("./optimizations/route.ts")),
    await read(import("./experiments/route.ts")),
    await read(import("./reviews/route.ts")),
    await read(import("./ready/route.ts")),
  ];
  expect(statuses).toEqual(statuses.map(() => 200));
  expect(calls).toHaveLength(0);
  const { GET } = await import("./agents/[agentType]/loop/route.ts");
  const loop = await (await api.ask(GET, { agentType })).json();
  expect(loop).toMatchObject({ configured: true, state: null });
  expect(loop.unknown).toMatch(/do not answer/);
  expect(performance.now() - began).toBeLessThan(10_000);
});
