import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { finishOptimization, listOptimizations } from "#lib/db/optimizations.ts";
import { loopId, loopWorkflow } from "#lib/temporal/loop-contract.ts";
import {
  loopState,
  requestGeneration,
  scheduleGenerations,
  tellLoop,
  unscheduleGenerations,
} from "#lib/temporal/optimization-loop.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { createLoopActivities } from "./loop-activities.ts";
import { startTestWorker } from "./testing/test-worker.ts";

const server = { address: inject("temporalAddress"), namespace: inject("temporalNamespace") };
let database: TestDatabase;
let handle: DatabaseHandle;
let worker: Awaited<ReturnType<typeof startTestWorker>>;

beforeAll(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
  const prefix = `${randomUUID().slice(0, 8)}-`;
  worker = await startTestWorker({
    server,
    prefix,
    activities: createLoopActivities({
      db: handle.db,
      queue: `${prefix}${workflowQueue}`,
      model: null,
      pollMs: 20,
    }),
  });
});

afterAll(async () => {
  await worker.close();
  await handle.close();
  await database.drop();
});

/** An agent type of its own, so that each test has its own loop. */
async function agent(): Promise<string> {
  const name = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(handle.db, { name });
  await makeProduction(handle.db, { agentType: name });
  return name;
}

const wish = (request_id: string, optimization_id: string | null = null) => ({
  request_id,
  requested_by: "test",
  optimization_id,
});

const signal = (agentType: string, request: ReturnType<typeof wish>) =>
  requestGeneration(worker.client, worker.queue, { agentType, request });

const runsOf = async (agentType: string) =>
  (await listOptimizations(handle.db, { agentType, limit: 500 })).items;

/** Stands in for the optimizer service: ends the oldest optimization that is queued. */
async function finishNext(agentType: string): Promise<string> {
  const id = await expect
    .poll(
      async () => (await runsOf(agentType)).filter(({ state }) => state === "queued").at(-1)?.id,
      {
        timeout: 10_000,
      },
    )
    .toBeDefined()
    .then(
      async () => (await runsOf(agentType)).filter(({ state }) => state === "queued").at(-1)?.id,
    );
  if (id === undefined) throw new Error("polled until defined");
  await finishOptimization(handle.db, id, {
    state: "finished",
    outcome: "Done.",
    failure: null,
    result: null,
    candidateIds: [],
  });
  return id;
}

const counts = (agentType: string) =>
  loopState(worker.client, agentType).then((state) => state.counts);

test("a wish queues one optimization and follows it to its end, however often it is repeated", async () => {
  const name = await agent();
  for (let i = 0; i < 5; i++) await signal(name, wish("night-1"));
  const id = await finishNext(name);
  await expect
    .poll(() => counts(name), { timeout: 10_000 })
    .toEqual({ finished: 1, repeated: 4, refused: 0 });
  expect((await loopState(worker.client, name)).last).toMatchObject({
    optimization_id: id,
    state: "finished",
  });
  expect(await runsOf(name)).toHaveLength(1);
  await tellLoop(worker.client, name, "stop");
});

test("a pause holds wishes back and a resume lets them go on", async () => {
  const name = await agent();
  await signal(name, wish("first"));
  await finishNext(name);
  await expect.poll(() => counts(name).then((c) => c.finished)).toBe(1);
  await tellLoop(worker.client, name, "pause");
  await signal(name, wish("second"));
  expect(await loopState(worker.client, name)).toMatchObject({ paused: true, waiting: 1 });
  expect(await runsOf(name)).toHaveLength(1);
  await tellLoop(worker.client, name, "resume");
  await finishNext(name);
  await expect.poll(() => counts(name).then((c) => c.finished)).toBe(2);
  await tellLoop(worker.client, name, "stop");
});

test("a stop ends the optimization under way and then the loop", async () => {
  const name = await agent();
  await signal(name, wish("first"));
  await expect
    .poll(() => loopState(worker.client, name).then((s) => s.current?.optimization_id ?? null))
    .not.toBeNull();
  await tellLoop(worker.client, name, "stop");
  await worker.client.workflow.getHandle(loopId(name)).result();
  expect((await runsOf(name)).map(({ state }) => state)).toEqual(["stopped"]);
});

test("a cancelled loop stops its optimization and ends as cancelled", async () => {
  const name = await agent();
  await signal(name, wish("first"));
  await expect
    .poll(() => loopState(worker.client, name).then((s) => s.current?.optimization_id ?? null))
    .not.toBeNull();
  const loop = worker.client.workflow.getHandle(loopId(name));
  await loop.cancel();
  await expect.poll(() => loop.describe().then(({ status }) => status.name)).toBe("CANCELLED");
  expect((await runsOf(name)).map(({ state }) => state)).toEqual(["stopped"]);
});

test("a wish that cannot be carried out is refused with the reason, and the loop goes on", async () => {
  const name = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(handle.db, { name });
  await signal(name, wish("too early"));
  await expect
    .poll(() => loopState(worker.client, name).then(({ last }) => last?.reason))
    .toMatch(/no prompt in production/);
  await makeProduction(handle.db, { agentType: name });
  await signal(name, wish("in time"));
  await finishNext(name);
  await expect.poll(() => counts(name)).toEqual({ finished: 1, repeated: 0, refused: 1 });
  await tellLoop(worker.client, name, "stop");
});

test("a storm of 1,000 signals starts each wish once, also across a history begun anew", async () => {
  const name = await agent();
  await worker.client.workflow.start(loopWorkflow, {
    workflowId: loopId(name),
    taskQueue: worker.queue,
    args: [{ agent_type: name, history_events_max: 300 }],
  });
  const first = await worker.client.workflow.getHandle(loopId(name)).describe();
  await tellLoop(worker.client, name, "pause");
  const storm = Array.from({ length: 1_000 }, (_, i) => wish(`wish-${i % 20}`));
  for (let i = 0; i < storm.length; i += 50)
    await Promise.all(storm.slice(i, i + 50).map((request) => signal(name, request)));
  await expect.poll(() => counts(name).then((c) => c.repeated), { timeout: 20_000 }).toBe(980);
  expect((await loopState(worker.client, name)).waiting).toBe(20);
  await tellLoop(worker.client, name, "resume");
  for (let i = 0; i < 20; i++) await finishNext(name);
  await expect
    .poll(() => counts(name), { timeout: 10_000 })
    .toEqual({ finished: 20, repeated: 980, refused: 0 });
  expect(await runsOf(name)).toHaveLength(20);
  const now = await worker.client.workflow.getHandle(loopId(name)).describe();
  expect(now.runId).not.toBe(first.runId);
  await tellLoop(worker.client, name, "stop");
});

test("more wishes than may wait are refused and counted", async () => {
  const name = await agent();
  await worker.client.workflow.start(loopWorkflow, {
    workflowId: loopId(name),
    taskQueue: worker.queue,
    args: [{ agent_type: name }],
  });
  await tellLoop(worker.client, name, "pause");
  await Promise.all(Array.from({ length: 130 }, (_, i) => signal(name, wish(`wish-${i}`))));
  await expect
    .poll(
      async () => {
        const { waiting, counts: all } = await loopState(worker.client, name);
        return [waiting, all.refused];
      },
      { timeout: 10_000 },
    )
    .toEqual([100, 30]);
  await tellLoop(worker.client, name, "stop");
});

test("a schedule makes its wish through a workflow of its own", async () => {
  const name = await agent();
  await scheduleGenerations(worker.client, worker.queue, { agentType: name, cron: "0 3 * * *" });
  await scheduleGenerations(worker.client, worker.queue, { agentType: name, cron: "0 4 * * *" });
  const schedule = worker.client.schedule.getHandle(loopId(name));
  expect((await schedule.describe()).spec.calendars?.[0]?.hour).toEqual([
    { start: 4, end: 4, step: 1 },
  ]);
  await schedule.trigger();
  await finishNext(name);
  await expect.poll(() => counts(name).then((c) => c.finished)).toBe(1);
  expect((await runsOf(name))[0]?.createdBy).toBe("schedule");
  expect(await unscheduleGenerations(worker.client, name)).toBe(true);
  expect(await unscheduleGenerations(worker.client, name)).toBe(false);
  await tellLoop(worker.client, name, "stop");
});
