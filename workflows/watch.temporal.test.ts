/** What an operator sees of an experiment in Temporal, and what is never sent there. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { StubPool } from "#lib/engine/testing/stub-pool.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import {
  type ExperimentProgress,
  experimentWorkflowId,
  progressQuery,
} from "#lib/temporal/experiment-contract.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { ChaosRig } from "./testing/chaos-rig.ts";
import { startTestWorker } from "./testing/test-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";

let database: TestDatabase;
let rig: ChaosRig;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await ChaosRig.start({ cli: inject("temporalCli"), databaseUrl: database.url });
});
afterAll(async () => {
  await rig.close();
  await database.drop();
});

/** Ids of the workflows that a search finds. */
async function found(query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of rig.temporal.client.workflow.list({ query }))
    ids.push(workflowId);
  return ids;
}

test("an experiment under way is found by agent type, prompt, optimization and status, and tells its progress", async () => {
  const run = await rig.begin(100);
  await run.startWorker();
  const evaluator = run.evaluator();
  const evaluating = evaluator.evaluate(run.orders(120));
  const id = experimentWorkflowId(run.id);
  const byOptimization = `GenepoolOptimizationId = '${run.id}'`;
  await expect
    .poll(() => found(`${byOptimization} AND GenepoolStatus = 'running'`), { timeout: 10_000 })
    .toEqual([id]);
  expect(await found(`${byOptimization} AND GenepoolAgentType = 'engineer'`)).toEqual([id]);
  const { promptId } = run.experiment();
  expect(await found(`${byOptimization} AND GenepoolPromptId = '${promptId}'`)).toEqual([id]);
  expect(await found(`${byOptimization} AND GenepoolAgentType = 'critic'`)).toEqual([]);
  const handle = rig.temporal.client.workflow.getHandle(id);
  const progress = () => handle.query<ExperimentProgress>(progressQuery);
  expect(await progress()).toMatchObject({ trials: 120, blocks: 1, status: "running" });
  await evaluating;
  expect(await progress()).toMatchObject({ trials: 120, done: 120, status: "waiting" });
  await evaluator.finish();
  await expect
    .poll(() => found(`${byOptimization} AND GenepoolStatus = 'finished'`), { timeout: 10_000 })
    .toEqual([id]);
  await run.end();
}, 90_000);

test("a block that is too large for Temporal is refused before it is sent, with what to do about it", async () => {
  const run = await rig.begin(1);
  const orders = run.orders(2_000).map((order, index) => ({
    ...order,
    benchmark: { ...order.benchmark, id: `${index}-${"x".repeat(600)}` },
  }));
  await expect(run.evaluator().evaluate(orders)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/more than the \d+ that are sent .* use fewer benchmarks/),
  });
  const handle = rig.temporal.client.workflow.getHandle(experimentWorkflowId(run.id));
  await expect(handle.describe()).rejects.toThrow(/not found/i);
  await run.end();
});

test("a provider's rate holds for trials, whatever may be under way at once", async () => {
  const pool = new StubPool();
  const { db } = rig.handle;
  const worker = await startTestWorker({
    server: rig.server,
    ratePerSecond: 10,
    activities: createExperimentActivities({ db }),
    trialActivities: createTrialActivities({
      db,
      executors: builtInRoster(pool),
      models: { keys: {} },
      clock: systemClock,
    }),
  });
  try {
    const run = await rig.begin(1, worker.queuePrefix);
    const began = performance.now();
    const answers = await run.evaluator({ isRated: true }).evaluate(run.orders(60));
    const tookMs = Math.round(performance.now() - began);
    process.stdout.write(`60 trials at 10 a second took ${tookMs} ms\n`);
    expect(answers.every(({ state }) => state === "done")).toBe(true);
    expect(pool.calls).toBe(60);
    // The server lets a second's worth through at the start.
    expect(tookMs).toBeGreaterThan(3_500);
    await run.end();
  } finally {
    await worker.close();
  }
}, 90_000);
