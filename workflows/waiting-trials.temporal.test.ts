import { expect, inject, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { createTemporalEvaluator } from "#lib/engine/temporal-evaluator.ts";
import { StubPool } from "#lib/engine/testing/stub-pool.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { providerQueue } from "#lib/temporal/queues.ts";
import { createTestDatabase } from "#tests/database.ts";
import { chaosOrders } from "./testing/chaos-orders.ts";
import { startTestWorker } from "./testing/test-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";

const count = 4;

async function queuedRun(db: Database): Promise<string> {
  await seedWorkbench(db);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: optimizationConfig.parse({ seed: 5 }),
    trigger: "test",
    createdBy: "test",
  });
  await db.optimization.update({ where: { id }, data: { state: "running" } });
  return id;
}

function workerWith(db: Database, pool: StubPool, prefix?: string) {
  return startTestWorker({
    server: { address: inject("temporalAddress"), namespace: inject("temporalNamespace") },
    ...(prefix === undefined ? {} : { prefix }),
    activities: createExperimentActivities({ db }),
    trialActivities: createTrialActivities({
      db,
      executors: builtInRoster(pool),
      models: { keys: {} },
      clock: systemClock,
    }),
  });
}

test("trials that wait for their provider on a worker that drains go to another one at once, and stay paid for", async () => {
  const database = await createTestDatabase();
  const { db, close } = createDatabase({ url: database.url });
  const id = await queuedRun(db);
  const { shape, orders } = await chaosOrders(db, id);
  const away = new StubPool();
  away.away = () => ({ kind: "passing", retryAfterMs: 110_000 });
  const first = await workerWith(db, away);
  const evaluator = createTemporalEvaluator({
    db,
    client: first.client,
    optimizationId: id,
    shape,
    queues: {
      workflows: first.queue,
      trials: `${first.queuePrefix}${providerQueue("simulated")}`,
    },
    concurrency: count,
    isStopRequested: () => false,
    signal: new AbortController().signal,
  });
  const evaluating = evaluator.evaluate(orders(count));
  await expect.poll(() => away.calls, { timeout: 20_000 }).toBe(count);
  const back = new StubPool();
  const second = await workerWith(db, back, first.queuePrefix);
  const began = performance.now();
  first.running.drain();
  const answers = await evaluating;
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(answers.map(({ state }) => state)).toEqual(Array(count).fill("done"));
  expect([away.calls, back.calls]).toEqual([count, count]);
  const { spentUsd, reservedUsd } = await requireOptimization(db, id);
  expect(spentUsd).toBeCloseTo(2 * count * 0.001, 9);
  expect(reservedUsd).toBe(0);
  await evaluator.finish();
  await first.close();
  await second.close();
  await close();
  await database.drop();
});
