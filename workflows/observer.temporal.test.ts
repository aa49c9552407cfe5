/** The observer's way on Temporal: one wish for each production prompt, kept by the loop until it becomes a run. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { listLoopOrders } from "#lib/db/loop-orders.ts";
import { listOptimizations } from "#lib/db/optimizations.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { createLogger } from "#lib/log.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";
import { deliverLoopOrders } from "#lib/temporal/deliver-loop-orders.ts";
import { loopId } from "#lib/temporal/loop-contract.ts";
import { loopState } from "#lib/temporal/optimization-loop.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { observeOnce } from "#optimizer/observer.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction, makeRun } from "#tests/factories.ts";
import { createLoopActivities } from "./loop-activities.ts";
import { ChaosRig } from "./testing/chaos-rig.ts";
import { startTestWorker } from "./testing/test-worker.ts";

let rig: ChaosRig;
let shared: TestDatabase;
let database: TestDatabase;
let handle: DatabaseHandle;
let worker: Awaited<ReturnType<typeof startTestWorker>>;
let laterMs = 0;

beforeAll(async () => {
  shared = await createTestDatabase();
  rig = await ChaosRig.start({ cli: inject("temporalCli"), databaseUrl: shared.url });
});
afterEach(async () => {
  laterMs = 0;
  await worker.close();
  await handle.close();
  await database.drop();
});
afterAll(async () => {
  await rig.close();
  await shared.drop();
});

/** A database of its own, since the observer looks at all agents, with a worker for their loops. */
async function start(): Promise<void> {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
  const prefix = `${randomUUID().slice(0, 8)}-`;
  const { db } = handle;
  worker = await startTestWorker({
    server: rig.server,
    prefix,
    activities: createLoopActivities({
      db,
      queue: `${prefix}${workflowQueue}`,
      model: null,
      pollMs: 50,
    }),
  });
}

/** An agent whose production prompt fails in all of its runs. */
async function failingAgent(system: string): Promise<string> {
  const { db } = handle;
  const name = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(db, { name, system, thresholds: { minimumRuns: 5 } });
  const { id: promptId } = await makeProduction(db, { agentType: name });
  const runs = Array.from({ length: 20 }, () =>
    makeRun({ agentType: name, promptId, outcome: "failure", startedAt: new Date() }),
  );
  await recordRuns(db, runs, { source: "api", actor: "test" });
  return name;
}

const look = () =>
  observeOnce({
    run: {
      db: handle.db,
      clock: { now: () => new Date(Date.now() + laterMs) },
      temporal: { client: worker.client, queuePrefix: worker.queuePrefix },
    },
    log: createLogger({ level: "silent", name: "observer" }),
    automation: async () => "automatic",
    model: null,
  });

const deliver = () => deliverLoopOrders(handle.db, worker.client, worker.queue);

async function order(agentType: string, kind: "pause" | "resume" | "stop"): Promise<void> {
  await orderLoop(handle.db, { agentType, kind, requestedBy: "person:ada" });
  await deliver();
}

const wishesOf = async (agentType: string) =>
  (await listLoopOrders(handle.db, { agentType, limit: 50 })).filter(
    ({ kind, requestedBy }) => kind === "generation" && requestedBy === "observer",
  );

const runsOf = async (agentType: string) =>
  (await listOptimizations(handle.db, { agentType, limit: 10 })).items;

test("a wish is made once, and no other agent of the system gets one while a paused loop keeps it", async () => {
  await start();
  const names = [await failingAgent("reviews"), await failingAgent("reviews")].toSorted();
  const [first = "", second = ""] = names;
  await order(first, "pause");
  expect(await look()).toBe(first);
  // The order waits for delivery.
  expect(await look()).toBeNull();
  await deliver();
  await expect.poll(async () => (await loopState(worker.client, first)).waiting).toBe(1);
  laterMs = 3_600_000;
  expect(await look()).toBeNull();
  expect([(await wishesOf(first)).length, (await wishesOf(second)).length]).toEqual([1, 0]);
  await order(first, "resume");
  await expect.poll(async () => (await runsOf(first)).length).toBe(1);
  expect((await runsOf(first))[0]).toMatchObject({ trigger: "observer", createdBy: "observer" });
  expect(await look()).toBeNull();
  await order(first, "stop");
}, 60_000);

test("a wish that a terminated loop lost is made again a minute later; one that a person stopped is not", async () => {
  await start();
  const name = await failingAgent("single");
  await order(name, "pause");
  expect(await look()).toBe(name);
  await deliver();
  await worker.client.workflow.getHandle(loopId(name)).terminate("by hand");
  expect(await look()).toBeNull();
  laterMs = 61_000;
  expect(await look()).toBe(name);
  expect(await wishesOf(name)).toHaveLength(2);

  await order(name, "pause");
  await expect.poll(async () => (await loopState(worker.client, name)).paused).toBe(true);
  await order(name, "stop");
  laterMs = 3_600_000;
  expect(await look()).toBeNull();
  expect(await wishesOf(name)).toHaveLength(2);
}, 60_000);

test("while Temporal is away nobody knows what a loop keeps, so nothing is wished for", async () => {
  await start();
  const name = await failingAgent("single");
  await rig.server.kill();
  expect(await look()).toBeNull();
  await rig.server.start();
  await expect.poll(look, { timeout: 20_000 }).toBe(name);
}, 60_000);
