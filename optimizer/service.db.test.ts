/** Rows that a start was lost for, without Temporal: the service finds each by looking, and no message is needed. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { claimOptimization, requestStop, requireOptimization } from "#lib/db/optimizations.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { createLogger } from "#lib/log.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { runService } from "./service.ts";
import { prepareRun } from "./testing/small-run.ts";

const models = { keys: {} };
let database: TestDatabase;
let handle: DatabaseHandle;
let pool: TrialPool;
let end: () => Promise<void> = async () => undefined;

beforeAll(() => {
  pool = createTrialPool({ models, threads: 1 });
});
afterAll(() => pool.close());
beforeEach(async () => {
  database = await createTestDatabase();
  handle = createDatabase({ url: database.url });
});
afterEach(async () => {
  await end();
  await handle.close();
  await database.drop();
});

function startService(): void {
  const ending = new AbortController();
  const ended = runService({
    run: { db: handle.db, pool, models, clock: systemClock },
    log: createLogger({ level: "silent", name: "optimizer" }),
    automation: async () => "manual",
    signal: ending.signal,
    model: null,
    allowPrivateWebhooks: false,
  });
  end = async () => {
    ending.abort();
    await ended;
  };
}

const stateOf = async (id: string) => (await requireOptimization(handle.db, id)).state;

test("a queued run that nobody was told of is taken up within 3 s", async () => {
  startService();
  // Queued by a process that says nothing: the service listens to no message at all.
  const id = await prepareRun(database.url, 3);
  const began = performance.now();
  await expect.poll(() => stateOf(id), { timeout: 10_000, interval: 50 }).toBe("running");
  expect(performance.now() - began).toBeLessThan(3_000);
});

test("a run whose optimizer died is taken up when its lease ends, and not before", async () => {
  const id = await prepareRun(database.url, 3);
  const leaseMs = 4_000;
  await claimOptimization(handle.db, { owner: "dead", leaseMs, id });
  const began = performance.now();
  startService();
  const owner = async () => (await requireOptimization(handle.db, id)).leaseOwner;
  await expect
    .poll(owner, { timeout: 15_000, interval: 50 })
    .toEqual(expect.stringMatching(/^optimizer-/));
  const tookMs = performance.now() - began;
  expect(tookMs).toBeGreaterThan(leaseMs - 500);
  expect(tookMs).toBeLessThan(leaseMs + 3_000);
});

test("a stop that a dead optimizer left undone is carried out by the next one", async () => {
  const id = await prepareRun(database.url, 3);
  await claimOptimization(handle.db, { owner: "dead", leaseMs: 500, id });
  await requestStop(handle.db, id);
  expect(await stateOf(id)).toBe("stopping");
  startService();
  await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("stopped");
});
