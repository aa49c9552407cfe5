/** Rows that a start was lost for, without Temporal: the service finds each by looking, and no message is needed. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase, type DatabaseHandle } from "#lib/db/client.ts";
import { getCertification } from "#lib/db/judge-certifications.ts";
import { claimOptimization, requestStop, requireOptimization } from "#lib/db/optimizations.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { requestCertification } from "#lib/judges/request-certification.ts";
import { createLogger } from "#lib/log.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
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

test("a queued certification of a suite's judge is carried out, and one that cannot be says why", async () => {
  const importJudged = (suite: string, model: string) => {
    const lines = ["Lima", "Quito", "Paris"].map((expected, i) =>
      JSON.stringify({
        id: `c${i}`,
        input: `${suite} ${i}?`,
        expected,
        grader: { kind: "judge", model },
      }),
    );
    return importSuite(handle.db, { suite, text: lines.join("\n"), actor: "test" });
  };
  await importJudged("capitals", "simulated");
  await importJudged("keyless", "openai:gpt-4.1-mini");
  const ask = (suite: string) =>
    requestCertification(handle.db, { suite, costLimitUsd: 1, actor: "test" });
  const [done, failed] = [await ask("capitals"), await ask("keyless")];
  startService();
  const ended = async ({ id }: { id: string }) => (await getCertification(handle.db, id))?.state;
  await expect.poll(() => ended(done), { timeout: 50_000 }).toBe("finished");
  await expect.poll(() => ended(failed), { timeout: 50_000 }).toBe("failed");
  expect((await getCertification(handle.db, done.id))?.result?.judges[0]?.anchors).toHaveLength(9);
  expect((await getCertification(handle.db, failed.id))?.failure).toContain("OPENAI_API_KEY");
}, 120_000);
