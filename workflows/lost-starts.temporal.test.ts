/** What was to be started and was not, because Temporal was away or the process died: who takes it up, and how soon. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { claimLoopOrder, createLoopOrder, getLoopOrder } from "#lib/db/loop-orders.ts";
import {
  claimOptimization,
  listOptimizations,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import type { LoopOrderRequest } from "#lib/domain/loop-order.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { createLogger } from "#lib/log.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";
import { deliverLoopOrders } from "#lib/temporal/deliver-loop-orders.ts";
import { experimentWorkflowId } from "#lib/temporal/experiment-contract.ts";
import { loopState } from "#lib/temporal/optimization-loop.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { runService } from "#optimizer/service.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { prepareRun } from "#optimizer/testing/small-run.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { makeAgentType, makeProduction } from "#tests/factories.ts";
import { createLoopActivities } from "./loop-activities.ts";
import { ChaosRig } from "./testing/chaos-rig.ts";
import { startTestWorker } from "./testing/test-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";

const models = { keys: {} };
let database: TestDatabase;
let rig: ChaosRig;
let pool: TrialPool;
let worker: Awaited<ReturnType<typeof startTestWorker>>;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await ChaosRig.start({ cli: inject("temporalCli"), databaseUrl: database.url });
  pool = createTrialPool({ models, threads: 1 });
  const { db } = rig.handle;
  const prefix = `${randomUUID().slice(0, 8)}-`;
  worker = await startTestWorker({
    server: rig.server,
    prefix,
    activities: {
      ...createExperimentActivities({ db }),
      ...createLoopActivities({ db, queue: `${prefix}${workflowQueue}`, model: null, pollMs: 50 }),
    },
    trialActivities: createTrialActivities({
      db,
      executors: builtInRoster(pool),
      models,
      clock: systemClock,
    }),
  });
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});
afterAll(async () => {
  await worker.close();
  await rig.close();
  await pool.close();
  await database.drop();
});

const context = () => ({
  db: rig.handle.db,
  pool,
  models,
  clock: systemClock,
  temporal: { client: worker.client, queuePrefix: worker.queuePrefix },
});

/** The optimizer's process as `npm start` keeps it; ended after the test. */
function startOptimizer(): void {
  const ending = new AbortController();
  const ended = runService({
    run: context(),
    log: createLogger({ level: "silent", name: "optimizer" }),
    automation: async () => "manual",
    signal: ending.signal,
    model: null,
    allowPrivateWebhooks: false,
  });
  endings.push(async () => {
    ending.abort();
    await ended;
  });
}

async function agent(): Promise<string> {
  const name = `agent-${randomUUID().slice(0, 8)}`;
  await makeAgentType(rig.handle.db, { name });
  await makeProduction(rig.handle.db, { agentType: name });
  return name;
}

const order = async (agentType: string, request: LoopOrderRequest) =>
  (await orderLoop(rig.handle.db, { ...request, agentType, requestedBy: "person:ada" })).order.id;

const deliver = () => deliverLoopOrders(rig.handle.db, worker.client, worker.queue);

const runsOf = async (agentType: string) =>
  (await listOptimizations(rig.handle.db, { agentType, limit: 10 })).items;

test("a wish written while Temporal is away says so, and is an optimization within 8 s of its return", async () => {
  const name = await agent();
  await rig.server.kill();
  startOptimizer();
  const id = await order(name, { kind: "generation" });
  await expect
    .poll(async () => (await getLoopOrder(rig.handle.db, id))?.failure, { timeout: 20_000 })
    .toEqual(expect.any(String));
  await rig.server.start();
  const back = performance.now();
  await expect.poll(async () => (await runsOf(name)).length, { timeout: 20_000 }).toBe(1);
  const tookMs = Math.round(performance.now() - back);
  process.stdout.write(`a wish written while Temporal was away: carried out ${tookMs} ms after\n`);
  expect(tookMs).toBeLessThan(8_000);
  expect((await runsOf(name))[0]).toMatchObject({ trigger: "loop", createdBy: "person:ada" });
  await expect
    .poll(async () => (await getLoopOrder(rig.handle.db, id))?.deliveredAt)
    .toEqual(expect.any(Date));
}, 90_000);

test("a wish whose process died before Temporal knew is delivered by the next one, and twice is once", async () => {
  const name = await agent();
  const { db } = rig.handle;
  const id = randomUUID();
  const wish = { id, agentType: name, kind: "generation", cron: null, requestedBy: "x" } as const;
  expect(await createLoopOrder(db, wish)).toBe(true);
  // The process that took it and is no more.
  expect(await claimLoopOrder(db, 1_000)).toMatchObject({ id });
  expect(await deliver()).toBe(0);
  await expect.poll(deliver, { timeout: 5_000 }).toBe(1);
  // One that died between the signal and the row.
  await db.loopOrder.update({ where: { id }, data: { deliveredAt: null } });
  expect(await deliver()).toBe(1);
  await expect
    .poll(() => loopState(worker.client, name).then(({ counts }) => counts.repeated))
    .toBe(1);
  await expect.poll(async () => (await runsOf(name)).length).toBe(1);
});

test("orders arrive as they were asked for, whoever delivers them", async () => {
  const name = await agent();
  const { db } = rig.handle;
  for (const kind of ["pause", "generation", "resume", "pause"] as const)
    await order(name, { kind });
  while ((await db.loopOrder.count({ where: { agentType: name, deliveredAt: null } })) > 0)
    await Promise.all([deliver(), deliver(), deliver()]);
  const rows = await db.loopOrder.findMany({ where: { agentType: name }, orderBy: { seq: "asc" } });
  const times = rows.map(({ deliveredAt }) => deliveredAt?.getTime() ?? 0);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect((await loopState(worker.client, name)).paused).toBe(true);
});

test("what Temporal has no use for is refused with the reason and holds nothing up", async () => {
  const name = await agent();
  const { db } = rig.handle;
  // Past the check at the edge: what the server itself would make of it.
  const refused = [
    await order(name, { kind: "resume" }),
    await order(name, { kind: "schedule", cron: "99 99 * * *" }),
  ];
  const good = await order(name, { kind: "pause" });
  await expect
    .poll(
      async () => {
        await deliver();
        return (await getLoopOrder(db, good))?.deliveredAt;
      },
      { timeout: 8_000 },
    )
    .toEqual(expect.any(Date));
  const [resume, schedule] = await Promise.all(refused.map((id) => getLoopOrder(db, id)));
  expect(resume?.refusal).toMatch(/No optimization loop/);
  expect(schedule?.refusal).toMatch(/Hour is not in range/);
});

test("an experiment whose workflow somebody ended for good is started again, and pays for nothing twice", async () => {
  const run = await rig.begin(60);
  await run.startWorker();
  const evaluating = run.evaluator().evaluate(run.orders(150));
  await run.untilStored(30);
  await rig.temporal.client.workflow.getHandle(experimentWorkflowId(run.id)).terminate("a test");
  const answers = await evaluating;
  expect(answers.every(({ state }) => state === "done")).toBe(true);
  const counts = await run.counts();
  expect(counts.trials).toBe(150);
  expect(counts.ledger).toMatchObject({ settled: 150 });
  expect(counts.spentUsd).toBeCloseTo(counts.trialsUsd, 9);
  await run.end();
}, 60_000);

test("an experiment whose row an optimizer wrote before it died, and no workflow, is run by the next optimizer", async () => {
  const { db } = rig.handle;
  const id = await prepareRun(database.url, 7);
  await rig.server.kill();
  const claimed = await claimOptimization(db, { owner: "dead", leaseMs: 1_000, id });
  if (claimed === null) throw new Error("the run cannot be claimed");
  const dying = new AbortController();
  const died = carryOut(claimed, { ...context(), signal: dying.signal });
  await expect
    .poll(() => db.experiment.count({ where: { optimizationId: id } }), { timeout: 20_000 })
    .toBeGreaterThan(0);
  dying.abort();
  await expect(died).rejects.toThrow();
  expect(await db.trial.count({ where: { optimizationId: id } })).toBe(0);
  await rig.server.start();
  startOptimizer();
  const back = performance.now();
  await expect
    .poll(() => db.trial.count({ where: { optimizationId: id } }), { timeout: 30_000 })
    .toBeGreaterThan(0);
  const tookMs = Math.round(performance.now() - back);
  process.stdout.write(`an experiment without a workflow: its first trial ${tookMs} ms after\n`);
  expect((await requireOptimization(db, id)).leaseOwner).toMatch(/^optimizer-/);
}, 90_000);
