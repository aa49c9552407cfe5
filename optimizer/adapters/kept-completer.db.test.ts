import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import {
  type StubReply,
  type StubServer,
  startStubServer,
} from "#lib/harness/testing/stub-server.ts";
import { highestCostUsd } from "#lib/llm/complete.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeOptimization, makeProduction } from "#tests/factories.ts";
import type { CompletionRequest } from "../ports.ts";
import { completionModel } from "./completion-models.ts";
import { createKeptCompleter } from "./kept-completer.ts";

const id = "compatible:stub";
const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 10 };
const answeredUsd = (100 * 1 + 20 * 10) / 1e6;
const request: CompletionRequest = {
  role: "proposer",
  system: "Be short.",
  user: "Hello",
  seed: 1,
  temperature: 0,
  maxOutputTokens: 50,
};

let database: TestDatabase;
let handle: DatabaseHandle;
let servers: StubServer[] = [];
let incumbent: PromptRecord;
let optimizationId = "";

beforeAll(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
  await makeAgentType(handle.db);
  incumbent = await makeProduction(handle.db);
});

beforeEach(async () => {
  optimizationId = await makeOptimization(handle.db, incumbent);
});

afterAll(async () => {
  for (const server of servers) await server.close();
  await handle.close();
  await database.drop();
});

/** A completer whose model answers by a script. */
async function completer(script: readonly StubReply[]) {
  const server = await startStubServer(script);
  servers = [...servers, server];
  const model = resolveModel(id, {
    keys: { compatible: { url: server.url } },
    prices: { [id]: price },
  });
  const kept = createKeptCompleter(handle.db, {
    optimizationId,
    modelFor: () => completionModel(model),
    leaseMs: 60_000,
    clock: systemClock,
  });
  return { kept, server, highestUsd: highestCostUsd(model, request) };
}

async function spent(): Promise<{ spentUsd: number; reservedUsd: number }> {
  const row = await handle.db.optimization.findUniqueOrThrow({ where: { id: optimizationId } });
  return { spentUsd: Number(row.spentUsd), reservedUsd: Number(row.reservedUsd) };
}

test("a reply is paid for once and read again for nothing", async () => {
  const { kept, server } = await completer([{ text: "Hi." }]);
  expect(await kept.complete(request)).toMatchObject({ text: "Hi." });
  expect(await kept.complete(request)).toMatchObject({ text: "Hi." });
  expect(server.requests).toHaveLength(1);
  expect(await spent()).toEqual({ spentUsd: expect.closeTo(answeredUsd, 6), reservedUsd: 0 });
});

test("a call whose connection broke is paid at the most it can have cost, and made once more", async () => {
  const other = { ...request, user: "Hello again" };
  const { kept, highestUsd } = await completer([{ cut: true }, { text: "Hi." }]);
  expect(await kept.complete(other)).toMatchObject({ text: "Hi." });
  const { spentUsd, reservedUsd } = await spent();
  expect(spentUsd).toBeGreaterThanOrEqual(highestUsd + answeredUsd - 1e-6);
  expect(spentUsd).toBeLessThan(highestUsd + answeredUsd + 0.00001);
  expect(reservedUsd).toBe(0);
});

test("a call that never comes through fails with its reason, and what may have been billed stays booked", async () => {
  const other = { ...request, user: "Hello?" };
  const { kept, server } = await completer([{ cut: true }, { cut: true }, { text: "Hi." }]);
  await expect(kept.complete(other)).rejects.toThrow(/compatible:stub failed/);
  expect(server.requests).toHaveLength(2);
  const { spentUsd, reservedUsd } = await spent();
  expect(spentUsd).toBeGreaterThan(0);
  expect(reservedUsd).toBe(0);
});

test("a refusal is given back", async () => {
  const other = { ...request, user: "No?" };
  const { kept } = await completer([{ status: 400 }]);
  await expect(kept.complete(other)).rejects.toThrow(/400/);
  expect(await spent()).toEqual({ spentUsd: 0, reservedUsd: 0 });
});
