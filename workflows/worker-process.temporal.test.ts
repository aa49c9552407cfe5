import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { finishOptimization, listOptimizations } from "#lib/db/optimizations.ts";
import { connectTemporal, type TemporalClient } from "#lib/temporal/connection.ts";
import { loopId } from "#lib/temporal/loop-contract.ts";
import { requestGeneration, tellLoop } from "#lib/temporal/optimization-loop.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { freePorts, startTemporalServer, type TemporalServer } from "./testing/temporal-server.ts";
import { testSettings } from "./testing/test-worker.ts";
import { startWorkerChild, type WorkerChild } from "./testing/worker-child.ts";

let database: TestDatabase;
let handle: DatabaseHandle;
let server: TemporalServer;
let temporal: TemporalClient;

beforeAll(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
  server = await startTemporalServer({ cli: inject("temporalCli"), bare: true });
  temporal = await connectTemporal(testSettings(server));
});

afterAll(async () => {
  await temporal.close();
  await server.stop();
  await handle.close();
  await database.drop();
});

async function startChild(env: Record<string, string> = {}): Promise<WorkerChild> {
  const [healthPort = 0] = await freePorts(1);
  const { address, namespace } = server;
  const child = startWorkerChild({
    address,
    namespace,
    databaseUrl: database.url,
    healthPort,
    env,
  });
  onTestFinished(() => child.signal("SIGKILL"));
  return child;
}

const becomesReady = (child: WorkerChild) =>
  expect.poll(() => child.ready(), { timeout: 30_000, interval: 50 }).toBe(200);

/** An agent whose loop follows an optimization that is under way. */
async function followedAgent(): Promise<{ name: string; optimizationId: string }> {
  const name = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(handle.db, { name });
  await makeProduction(handle.db, { agentType: name });
  await requestGeneration(temporal.client, workflowQueue, {
    agentType: name,
    request: { request_id: "wish", requested_by: "test", optimization_id: null },
  });
  const first = async () =>
    (await listOptimizations(handle.db, { agentType: name, limit: 5 })).items;
  await expect.poll(async () => (await first()).length, { timeout: 10_000 }).toBe(1);
  return { name, optimizationId: (await first())[0]?.id ?? "" };
}

const finish = (id: string) =>
  finishOptimization(handle.db, id, {
    state: "finished",
    outcome: "Done.",
    failure: null,
    result: null,
    candidateIds: [],
  });

/** Activities that the loop waits for, as the server knows it: asking the loop itself would wait for a worker. */
const pendingOf = async (name: string) =>
  (await temporal.client.workflow.getHandle(loopId(name)).describe()).raw.pendingActivities?.length;

const finishedCount = async (name: string) => {
  await tellLoop(temporal.client, name, "stop");
  const result: { finished: number } = await temporal.client.workflow
    .getHandle(loopId(name))
    .result();
  return result.finished;
};

test("a worker that is killed is replaced within 6 s: the next one goes on with what it followed", async () => {
  const first = await startChild();
  await becomesReady(first);
  const { name, optimizationId } = await followedAgent();
  first.signal("SIGKILL");
  await first.ended;
  await finish(optimizationId);
  const second = await startChild();
  await becomesReady(second);
  const began = performance.now();
  await expect.poll(() => pendingOf(name), { timeout: 20_000, interval: 50 }).toBe(0);
  expect(performance.now() - began).toBeLessThan(6_000);
  expect(await finishedCount(name)).toBe(1);
});

test("a worker that is told to end takes no more work, says so and exits in good order", async () => {
  const child = await startChild();
  await becomesReady(child);
  const { name, optimizationId } = await followedAgent();
  child.signal("SIGTERM");
  expect(await child.ended).toBe(0);
  expect(await child.ready()).toBeNull();
  // What it followed was handed back, and the next worker takes it up.
  const next = await startChild();
  await becomesReady(next);
  await finish(optimizationId);
  await expect.poll(() => pendingOf(name), { timeout: 20_000, interval: 50 }).toBe(0);
  expect(await finishedCount(name)).toBe(1);
});

test("a server that is away makes a worker wait, alive but not ready, and it goes on within 8 s of the return", async () => {
  await server.kill();
  const child = await startChild();
  await expect.poll(() => child.ready(), { timeout: 20_000 }).toBe(503);
  expect((await fetch(`${child.healthUrl}/health`)).status).toBe(200);
  await server.start();
  const began = performance.now();
  await becomesReady(child);
  expect(performance.now() - began).toBeLessThan(8_000);
  const { name, optimizationId } = await followedAgent();
  await server.kill();
  await server.start();
  const back = performance.now();
  await finish(optimizationId);
  await expect.poll(() => pendingOf(name), { timeout: 20_000, interval: 50 }).toBe(0);
  expect(performance.now() - back).toBeLessThan(8_000);
  expect(await finishedCount(name)).toBe(1);
});

test("settings that cannot work end the process with a sentence", async () => {
  const child = await startChild({ GENEPOOL_WORKER_PROVIDERS: "opanai" });
  expect(await child.ended).toBe(1);
});
