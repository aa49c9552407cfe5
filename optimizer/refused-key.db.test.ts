import { expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { claimOptimization, isStopRequested, requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { startStubServer } from "#lib/harness/testing/stub-server.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { seedWorkbench } from "#lib/seed/workbench-agents.ts";
import { createTestDatabase } from "#tests/database.ts";
import { carryOut } from "./stored-run.ts";

test("a run with a bad key fails at its first trials with the provider's words, and no trial is stored", async () => {
  const database = await createTestDatabase();
  const { db, close } = createDatabase({ url: database.url });
  const refusal = { status: 401, message: "Incorrect API key provided." };
  const server = await startStubServer(Array.from({ length: 200 }, () => refusal));
  const model = "compatible:stub";
  const models = {
    keys: { compatible: { url: server.url } },
    prices: { [model]: { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } },
  };
  const pool = createTrialPool({ models });
  await seedWorkbench(db);
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: optimizationConfig.parse({ seed: 3, model, concurrency: 4 }),
    trigger: "test",
    createdBy: "test",
  });
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id });
  if (claimed === null) throw new Error("the run cannot be claimed");
  const words = /401: Incorrect API key provided\. Every trial would be refused the same way/;
  await expect(carryOut(claimed, { db, pool, models, clock: systemClock })).rejects.toThrow(words);
  const run = await requireOptimization(db, id);
  expect(run).toMatchObject({ state: "failed", spentUsd: 0, reservedUsd: 0 });
  expect(run.failure).toMatch(words);
  expect(await db.trial.count()).toBe(0);
  // What workers ask before each trial: theirs end with the run.
  expect(await isStopRequested(db, id)).toBe(true);
  expect(server.requests.length).toBeLessThanOrEqual(4);
  await pool.close();
  await server.close();
  await close();
  await database.drop();
});
