import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startExperiment } from "#lib/db/experiments.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { isWorkedOn } from "#lib/engine/temporal-waiting.ts";
import { AppError } from "#lib/errors.ts";
import { experimentWorkflowId } from "#lib/temporal/experiment-contract.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { ChaosRig, type ChaosRun, type Counts } from "./testing/chaos-rig.ts";
import { startKillablePostgres } from "./testing/killable-postgres.ts";
import { projectRoot } from "./testing/test-worker.ts";

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

const delayMs = 60;

/** Nothing lost, nothing stored twice, each call's money booked once. */
function expectSound(counts: Counts, trials: number): void {
  expect(counts.trials).toBe(trials);
  expect(counts.ledger).toMatchObject({ settled: trials, reserved: 0, expired: 0 });
  expect(counts.calls).toBeGreaterThanOrEqual(trials);
  // A call whose worker died is one whose reservation was given back.
  expect(counts.calls - trials).toBeLessThanOrEqual(counts.ledger.released);
  expect(counts.spentUsd).toBeCloseTo(counts.trialsUsd, 9);
}

const show = (what: string, counts: Counts, more = "") =>
  process.stdout.write(
    `${what}: calls ${counts.calls}, stored ${counts.trials}, ledger settled ${counts.ledger.settled} and given back ${counts.ledger.released}${more}\n`,
  );

/** Starts the server again and sees a run of 100 trials end, sound; answers the time from the server's return in milliseconds. */
async function endAfterReturn(
  run: ChaosRun,
  evaluating: ReturnType<ReturnType<ChaosRun["evaluator"]>["evaluate"]>,
  what: string,
): Promise<number> {
  await rig.server.start();
  const back = performance.now();
  const answers = await evaluating;
  const recoveryMs = Math.round(performance.now() - back);
  expect(answers.every(({ state }) => state === "done")).toBe(true);
  const counts = await run.counts();
  expectSound(counts, 100);
  show(what, counts, `, answered ${recoveryMs} ms after its return`);
  return recoveryMs;
}

test("a worker that is killed in mid-batch loses nothing, and another one goes on within 6 s", async () => {
  // Long enough that all of it is with the first worker when the second one is ready.
  const run = await rig.begin(700);
  const first = await run.startWorker();
  const evaluating = run.evaluator().evaluate(run.orders(300));
  await run.startWorker();
  const before = await run.stored();
  first.kill("SIGKILL");
  await first.ended;
  const killed = performance.now();
  const left = await run.stored();
  await run.untilStored(left + 1, 20_000);
  const recoveryMs = Math.round(performance.now() - killed);
  const answers = await evaluating;
  expect(answers.every(({ state }) => state === "done")).toBe(true);
  expect(before).toBeLessThan(280);
  const counts = await run.counts();
  expectSound(counts, 300);
  show("a worker killed", counts, `, next trial after ${recoveryMs} ms`);
  expect(recoveryMs).toBeLessThan(6_000);
  await run.end();
}, 120_000);

test("a run that no worker takes up says so, and goes on when one comes", async () => {
  const run = await rig.begin(400);
  const orders = run.orders(20);
  const evaluating = run.evaluator().evaluate(orders);
  await expect
    .poll(() => run.waits.at(-1), { timeout: 20_000 })
    .toMatch(/no worker takes its work/);
  expect(await run.stored()).toBe(0);
  // What a worker holds tells that it lives, also when it is full and asks for no more.
  const ids = [...new Set(orders.map((order) => order.experimentId))];
  const isHeld = () => isWorkedOn(rig.temporal.client, ids);
  expect(await isHeld()).toBe(false);
  await run.startWorker();
  await expect.poll(isHeld, { timeout: 20_000, interval: 50 }).toBe(true);
  const answers = await evaluating;
  expect(answers.every(({ state }) => state === "done")).toBe(true);
  expect(run.waits.at(-1)).toBeNull();
  await run.end();
}, 60_000);

test("a server that is killed and started again goes on within 8 s, and meanwhile the run says that it waits", async () => {
  const run = await rig.begin(200);
  await run.startWorker();
  const evaluating = run.evaluator().evaluate(run.orders(100));
  await run.untilStored(20);
  await rig.server.kill();
  // The trials that the worker has end meanwhile; that they did cannot be told to anybody.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const recoveryMs = await endAfterReturn(run, evaluating, "the server killed");
  expect(recoveryMs).toBeLessThan(8_000);
  expect(run.waits.at(0)).toEqual(expect.any(String));
  expect(run.waits.at(-1)).toBeNull();
  await run.end();
}, 120_000);

test("a server that is away for longer than its client has patience is waited for all the same", async () => {
  const run = await rig.begin(200);
  await run.startWorker();
  const evaluating = run.evaluator().evaluate(run.orders(100));
  await run.untilStored(20);
  await rig.server.kill();
  await new Promise((resolve) => setTimeout(resolve, 35_000));
  expect(run.waits.at(-1)).toEqual(expect.any(String));
  await endAfterReturn(run, evaluating, "the server away for 35 s");
  await run.end();
}, 150_000);

test("an optimizer that goes down leaves the experiment running, and the next one finds it", async () => {
  const run = await rig.begin(delayMs);
  await run.startWorker();
  const goingDown = new AbortController();
  const evaluating = run.evaluator({ signal: goingDown.signal }).evaluate(run.orders(200));
  await run.untilStored(30);
  goingDown.abort();
  const answers = await evaluating;
  expect(answers.some(({ state }) => state === "refused")).toBe(true);
  const again = await run.evaluator().evaluate(run.orders(200));
  expect(again.every(({ state }) => state === "done")).toBe(true);
  const counts = await run.counts();
  expectSound(counts, 200);
  expect(counts.calls).toBe(200);
  show("the optimizer replaced", counts);
  await run.end();
}, 120_000);

test("the same request from several optimizers at once is one experiment", async () => {
  const run = await rig.begin(20);
  await run.startWorker();
  const all = await Promise.all(
    Array.from({ length: 8 }, () => run.evaluator().evaluate(run.orders(60))),
  );
  for (const answers of all) expect(answers.every(({ state }) => state === "done")).toBe(true);
  const counts = await run.counts();
  expectSound(counts, 60);
  expect(counts.calls).toBe(60);
  show("8 starts at once", counts);
  await run.end();
}, 120_000);

test("cancelled before, during and after its trials, an experiment ends with the truth in its row", async () => {
  for (const stage of ["before a worker", "during the trials", "after the end"] as const) {
    const run = await rig.begin(delayMs);
    const { db } = rig.handle;
    await startExperiment(db, run.experiment());
    const stop = { requested: false };
    const evaluator = run.evaluator({ isStopRequested: () => stop.requested });
    const handle = rig.temporal.client.workflow.getHandle(experimentWorkflowId(run.id));
    const evaluating = evaluator.evaluate(run.orders(300));
    if (stage === "before a worker") await new Promise((resolve) => setTimeout(resolve, 500));
    else await run.startWorker();
    if (stage === "during the trials") await run.untilStored(20);
    if (stage === "after the end") await evaluating;
    stop.requested = true;
    if (stage === "before a worker") await run.startWorker();
    if (stage === "after the end") await handle.cancel();
    const answers = await evaluating;
    const done = answers.filter(({ state }) => state === "done").length;
    const counts = await run.counts();
    expect(counts.trials).toBe(done);
    expect(counts.ledger).toMatchObject({ settled: done, reserved: 0 });
    await expect
      .poll(async () => (await handle.describe()).status.name, { timeout: 10_000 })
      .not.toBe("RUNNING");
    const row = await db.experiment.findUniqueOrThrow({ where: { id: run.id } });
    expect(row.status).toBe("stopped");
    show(`cancelled ${stage}`, counts);
    await run.end();
  }
}, 180_000);

test("an optimizer that is killed leaves the experiment running, and the next process finds all of it", async () => {
  const run = await rig.begin(delayMs);
  await run.startWorker();
  const killed = run.startOptimizer(200);
  await run.untilStored(30);
  killed.kill();
  expect(await killed.exitCode).toBeNull();
  const next = run.startOptimizer(200);
  expect(await next.exitCode).toBe(0);
  const counts = await run.counts();
  expectSound(counts, 200);
  expect(counts.calls).toBe(200);
  show("the optimizer killed", counts);
  await run.end();
}, 120_000);

test("workers of two versions at once share an experiment, and the newer one goes on alone", async () => {
  const run = await rig.begin(delayMs);
  const older = await run.startWorker("today");
  const evaluator = run.evaluator();
  await evaluator.evaluate(run.orders(40));
  await run.startWorker("next");
  const evaluating = evaluator.evaluate(run.orders(200));
  await run.untilStored(120);
  older.kill("SIGKILL");
  await older.ended;
  const answers = await evaluating;
  expect(answers.every(({ state }) => state === "done")).toBe(true);
  const counts = await run.counts();
  expectSound(counts, 200);
  show("two versions of the worker", counts);
  // One that begins with the newer version is gone on with by either.
  const second = await rig.begin(delayMs, run.queuePrefix);
  await second.evaluator().evaluate(second.orders(40));
  await run.startWorker("today");
  await second.evaluator().evaluate(second.orders(80));
  const { trials, ledger } = await second.counts();
  expect({ trials, settled: ledger.settled }).toEqual({ trials: 80, settled: 80 });
  await second.end();
  await run.end();
}, 180_000);

test("Postgres that is killed and started again loses nothing, and nothing is booked twice", async () => {
  const postgres = await startKillablePostgres();
  await deployMigrations(postgres.url, projectRoot);
  const own = await ChaosRig.start({ cli: inject("temporalCli"), databaseUrl: postgres.url });
  try {
    const run = await own.begin(200);
    await run.startWorker();
    const evaluating = evaluateUntilDone(run, 150);
    await run.untilStored(40);
    await postgres.kill();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await postgres.start();
    const back = performance.now();
    await evaluating;
    const counts = await run.counts();
    const afterMs = Math.round(performance.now() - back);
    expectSound(counts, 150);
    show("Postgres killed", counts, `, answered ${afterMs} ms after its return`);
    await run.end();
  } finally {
    await own.close();
    await postgres.stop();
  }
}, 120_000);

/** As an optimizer's supervisor does: what fails because the database is away is asked for again. */
async function evaluateUntilDone(run: ChaosRun, count: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      const answers = await run.evaluator().evaluate(run.orders(count));
      expect(answers.every(({ state }) => state === "done")).toBe(true);
      return;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "unavailable") throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error("the database did not come back");
}
