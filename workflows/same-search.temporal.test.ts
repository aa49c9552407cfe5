import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { claimOptimization } from "#lib/db/optimizations.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { createTrialPool, type TrialPool } from "#lib/harness/pool.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { finalRows, prepareRun } from "#optimizer/testing/small-run.ts";
import { createTestDatabase } from "#tests/database.ts";
import { startTestWorker } from "./testing/test-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";

const models = { keys: {} };
let pool: TrialPool;
beforeAll(() => {
  pool = createTrialPool({ models, threads: 2 });
});
afterAll(() => pool.close());

/** Everything that the optimization of seed 7 leaves, run by one engine. */
async function rowsOf(engine: "in process" | "Temporal") {
  const database = await createTestDatabase();
  const id = await prepareRun(database.url, 7);
  const { db, close } = createDatabase({ url: database.url });
  const worker =
    engine === "in process"
      ? null
      : await startTestWorker({
          server: { address: inject("temporalAddress"), namespace: inject("temporalNamespace") },
          activities: createExperimentActivities({ db }),
          trialActivities: createTrialActivities({
            db,
            executors: builtInRoster(pool),
            models,
            clock: systemClock,
          }),
        });
  try {
    const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id });
    if (claimed === null) throw new Error("the run cannot be claimed");
    await carryOut(claimed, {
      db,
      pool,
      models,
      clock: systemClock,
      temporal: worker === null ? null : { client: worker.client, queuePrefix: worker.queuePrefix },
    });
    return await finalRows(db, id);
  } finally {
    await worker?.close();
    await close();
    await database.drop();
  }
}

test("an optimization with seed 7 leaves identical populations, trials, calls and money on both engines", async () => {
  const here = await rowsOf("in process");
  const there = await rowsOf("Temporal");
  expect(here.trials.length).toBeGreaterThan(60);
  expect(there).toEqual(here);
}, 180_000);
