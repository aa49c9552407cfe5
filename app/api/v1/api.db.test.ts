import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { sessionCookieName } from "#lib/auth/session.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { closeDatabase } from "#lib/db/instance.ts";
import { agentSeries, agentSummary } from "#lib/http/shapes/agent.ts";
import { errorEnvelope } from "#lib/http/shapes/common.ts";
import { optimizationDetail, optimizationSummary } from "#lib/http/shapes/optimization.ts";
import { overview } from "#lib/http/shapes/overview.ts";
import { publicPrompt } from "#lib/http/shapes/prompt.ts";
import { reviewPacket } from "#lib/http/shapes/review.ts";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { createUser } from "#lib/users/users.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeCandidate, makeProduction } from "#tests/factories.ts";
import * as lineageRoute from "./agents/[agentType]/lineage/route.ts";
import * as fetchRoute from "./agents/[agentType]/prompt/route.ts";
import * as agentRoute from "./agents/[agentType]/route.ts";
import * as seriesRoute from "./agents/[agentType]/series/route.ts";
import * as optimizationRoute from "./optimizations/[optimizationId]/route.ts";
import * as stopRoute from "./optimizations/[optimizationId]/stop/route.ts";
import * as optimizationsRoute from "./optimizations/route.ts";
import * as overviewRoute from "./overview/route.ts";
import * as approveRoute from "./prompts/[promptId]/approve/route.ts";
import * as rejectRoute from "./prompts/[promptId]/reject/route.ts";
import * as promptsRoute from "./prompts/route.ts";
import * as readyRoute from "./ready/route.ts";
import * as reviewRoute from "./reviews/[promptId]/route.ts";
import * as runsRoute from "./runs/route.ts";

const secret = "0123456789abcdef0123456789abcdef";
let testDatabase: TestDatabase;
let handle: DatabaseHandle;
let cookie: string;
let bearer: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  process.env.DATABASE_URL = testDatabase.url;
  process.env.NEXTAUTH_SECRET = secret;
  process.env.GENEPOOL_LOG_LEVEL = "silent";
  handle = createDatabase({ url: testDatabase.url, poolMax: 4 });
  const { user } = await createUser(handle.db, { name: "ada", role: "admin" }, "test");
  const token = await encode({ token: { sub: user.id, sessionVersion: 0 }, secret });
  cookie = `${sessionCookieName({ secret, secure: false })}=${token}`;
  const scopes = ["prompts:read" as const, "runs:write" as const];
  bearer = (await createApiKey(handle.db, { name: "controller", scopes }, "test")).key;
});

afterAll(async () => {
  await closeDatabase();
  await handle.close();
  await testDatabase.drop();
});

type Route = (
  request: Request,
  context: { params: Promise<Record<string, unknown>> },
) => Promise<Response>;

interface Call {
  /** Below /api/v1; only the controller's path reads it. */
  path?: string;
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

function call(
  route: Route,
  { path = "/x", params = {}, query = "", body, headers = {} }: Call = {},
) {
  const request = new Request(`http://genepool.test/api/v1${path}${query}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(headers.authorization === undefined ? { cookie } : {}),
      "sec-fetch-site": "same-origin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return route(request, { params: Promise.resolve(params) });
}

async function read<Schema extends z.ZodType>(
  schema: Schema,
  response: Response,
): Promise<z.infer<Schema>> {
  const body: unknown = await response.json();
  expect(response.ok, JSON.stringify(body)).toBe(true);
  return schema.parse(body);
}

/** An agent of its own, so that tests do not meet. */
async function makeFamily(name: string) {
  await makeAgentType(handle.db, { name });
  const production = await makeProduction(handle.db, { agentType: name });
  const candidate = await makeCandidate(handle.db, production);
  return { production, candidate };
}

test("the process is ready while the database answers", async () => {
  const response = await readyRoute.GET();
  expect(await response.json()).toEqual({ status: "ready" });
});

test("a controller fetches prod with a strong ETag and hears 304 until prod moves", async () => {
  const { production, candidate } = await makeFamily("fetched");
  const fetchProd = (headers: Record<string, string> = {}) =>
    call(fetchRoute.GET, {
      path: "/agents/fetched/prompt",
      query: "?tag=prod",
      headers: { authorization: `Bearer ${bearer}`, ...headers },
    });
  const first = await fetchProd();
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  expect((await read(publicPrompt, first)).id).toBe(production.id);
  const again = await fetchProd({ "if-none-match": `"other", W/${etag}` });
  expect([again.status, await again.text()]).toEqual([304, ""]);

  const packet = await read(
    reviewPacket,
    await call(reviewRoute.GET, { params: { promptId: candidate.id } }),
  );
  const { evidenceDigest, prodGeneration } = packet;
  const decision = { reason: "better on every target", evidenceDigest, prodGeneration };
  const params = { promptId: candidate.id };
  expect((await call(approveRoute.POST, { params, body: decision })).status).toBe(200);

  const moved = await fetchProd({ "if-none-match": etag });
  expect((await read(publicPrompt, moved)).id).toBe(candidate.id);
});

test("a tag that does not exist is a 404 that programs can tell from a wrong address", async () => {
  await makeFamily("untagged");
  const response = await call(fetchRoute.GET, {
    path: "/agents/untagged/prompt",
    query: "?tag=canary",
  });
  expect(response.status).toBe(404);
  const { error } = errorEnvelope.parse(await response.json());
  expect(error.details).toMatchObject({ reason: "no-such-tag", tag: "canary" });
});

test("an approval on what has changed since is a conflict and moves nothing", async () => {
  const { candidate } = await makeFamily("conflicted");
  const rival = await makeCandidate(handle.db, (await makeFamily("rival")).production);
  expect(rival.status).toBe("candidate");
  const params = { promptId: candidate.id };
  const packet = await read(reviewPacket, await call(reviewRoute.GET, { params }));
  const stale = { reason: "fine", evidenceDigest: "another", prodGeneration: 1 };
  const response = await call(approveRoute.POST, { params, body: stale });
  expect(response.status).toBe(409);
  const after = await read(reviewPacket, await call(reviewRoute.GET, { params }));
  expect(after.prompt.status).toBe("candidate");
  expect(after.prodGeneration).toBe(packet.prodGeneration);
});

test("a rejection keeps its reason and leaves prod alone", async () => {
  const { candidate, production } = await makeFamily("rejected");
  const params = { promptId: candidate.id };
  const { evidenceDigest, prodGeneration } = await read(
    reviewPacket,
    await call(reviewRoute.GET, { params }),
  );
  const body = { reason: "too dear", evidenceDigest, prodGeneration };
  expect((await call(rejectRoute.POST, { params, body })).status).toBe(200);
  const packet = await read(reviewPacket, await call(reviewRoute.GET, { params }));
  expect(packet.prompt.status).toBe("archived");
  expect(packet.decisions).toMatchObject([{ decision: "rejected", reason: "too dear" }]);
  expect(packet.production?.id).toBe(production.id);
});

test("a key cannot approve, whatever its scopes", async () => {
  const { candidate } = await makeFamily("guarded");
  const response = await call(approveRoute.POST, {
    params: { promptId: candidate.id },
    body: { reason: "because", evidenceDigest: "x", prodGeneration: 1 },
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(response.status).toBe(403);
});

test("runs are counted once and show in the agent's window and series", async () => {
  const { production } = await makeFamily("observed");
  const runs = Array.from({ length: 10 }, (_, i) => ({
    runId: `observed-${i}`,
    agentType: "observed",
    promptId: production.id,
    outcome: i < 4 ? "success" : "failure",
    costUsd: 0.02,
    latencyMs: 1_500,
    startedAt: new Date().toISOString(),
  }));
  const headers = { authorization: `Bearer ${bearer}` };
  const send = () => call(runsRoute.POST, { body: { runs }, headers });
  expect(await (await send()).json()).toEqual({ recorded: 10, known: 0 });
  expect(await (await send()).json()).toEqual({ recorded: 0, known: 10 });
  const params = { agentType: "observed" };
  const agent = await read(agentSummary, await call(agentRoute.GET, { params }));
  expect(agent.prodWindow?.success).toMatchObject({ value: 0.4, n: 10 });
  for (const range of ["3h", "24h", "7d", "30d"]) {
    const response = await call(seriesRoute.GET, { params, query: `?range=${range}` });
    const { points, prodMoves } = await read(agentSeries, response);
    expect(points.reduce((sum, { success }) => sum + success.n, 0)).toBe(10);
    expect(prodMoves).toMatchObject([{ version: "1.0.0", fromVersion: null }]);
  }
});

test("an optimization is queued once at a time, shown, and stopped", async () => {
  await makeFamily("optimized");
  const body = { agentType: "optimized", config: { seed: 7 } };
  const started = await call(optimizationsRoute.POST, { body });
  expect(started.status).toBe(202);
  const { id, simulated } = await read(optimizationSummary, started);
  expect(simulated).toBe(true);
  const second = await call(optimizationsRoute.POST, { body });
  expect(errorEnvelope.parse(await second.json()).error.details).toEqual({ optimizationId: id });
  const params = { optimizationId: id };
  const detail = await read(optimizationDetail, await call(optimizationRoute.GET, { params }));
  expect(detail).toMatchObject({ state: "queued", seed: 7, insights: [], coach: null });
  const stopped = await call(stopRoute.POST, { params, body: {} });
  expect((await read(optimizationSummary, stopped)).state).toBe("stopped");
});

test("a saved prompt answers 201, the same content again 200 and the same prompt", async () => {
  const { production } = await makeFamily("edited");
  const body = {
    agentType: "edited",
    content: `Think, then answer. ${randomUUID()}`,
    parameters: {},
    tools: [],
    parentIds: [production.id],
    message: "shorter",
  };
  const first = await call(promptsRoute.POST, { body });
  expect(first.status).toBe(201);
  const again = await call(promptsRoute.POST, { body });
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ created: false });
});

test("the overview names what waits and what is weak, and the lineage its edges", async () => {
  const { candidate, production } = await makeFamily("watched");
  const shown = await read(overview, await call(overviewRoute.GET));
  expect(shown.attention).toContainEqual(
    expect.objectContaining({ kind: "candidate-waiting", promptId: candidate.id }),
  );
  const lineage = await call(lineageRoute.GET, { params: { agentType: "watched" } });
  expect(await lineage.json()).toMatchObject({
    edges: [{ childId: candidate.id, parentId: production.id, operator: "variation" }],
  });
});

test("an agent type that does not exist is not found, and a bad address is invalid", async () => {
  const missing = await call(agentRoute.GET, { params: { agentType: "nobody" } });
  expect(missing.status).toBe(404);
  const bad = await call(agentRoute.GET, { params: { agentType: "No Body" } });
  expect(bad.status).toBe(400);
});
