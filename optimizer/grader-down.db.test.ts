import { expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { claimOptimization, requireOptimization } from "#lib/db/optimizations.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { createTrialPool } from "#lib/harness/pool.ts";
import { startStubServer } from "#lib/harness/testing/stub-server.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { importSuite } from "#lib/suites/import-suite.ts";
import { createTestDatabase } from "#tests/database.ts";
import { genomeOf, makeAgentType, makeProduction } from "#tests/factories.ts";
import { carryOut } from "./stored-run.ts";

test("a run whose judge gives no verdict fails after about ten trials, in the judge's words, in row and report", async () => {
  const database = await createTestDatabase();
  const { db, close } = createDatabase({ url: database.url });
  const server = await startStubServer(
    Array.from({ length: 400 }, () => ({ text: "I do not know" })),
  );
  const model = "compatible:stub";
  const models = {
    keys: { compatible: { url: server.url } },
    prices: { [model]: { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } },
  };
  const pool = createTrialPool({ models });
  const lines = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({
      id: `j${i}`,
      input: `${i} + 1`,
      expected: `${i + 1}`,
      grader: { kind: "judge", model },
    }),
  );
  await importSuite(db, { suite: "judged", text: lines.join("\n"), actor: "test" });
  await makeAgentType(db, { suite: "judged", defaultModel: model });
  await makeProduction(db, { genome: genomeOf("Add. {{ input }}") });
  const { id } = await queueOptimization(db, {
    agentType: "engineer",
    config: optimizationConfig.parse({ seed: 3, concurrency: 4 }),
    trigger: "test",
    createdBy: "test",
  });
  const claimed = await claimOptimization(db, { owner: "test", leaseMs: 60_000, id });
  if (claimed === null) throw new Error("the run cannot be claimed");
  const outcome = await carryOut(claimed, { db, pool, models, clock: systemClock });
  expect(outcome.stopped).toBe("grader-down");
  const words = `It said: The judge's reply holds no verdict: "I do not know"`;
  const run = await requireOptimization(db, id);
  expect(run).toMatchObject({ state: "failed", reservedUsd: 0 });
  expect(run.failure).toContain(words);
  expect((await runReport(db, id, new Date())).cautions.join(" ")).toContain(words);
  const trials = await db.trial.count();
  expect(trials).toBeGreaterThanOrEqual(10);
  expect(trials).toBeLessThanOrEqual(13);
  expect(server.requests).toHaveLength(2 * trials);
  await pool.close();
  await server.close();
  await close();
  await database.drop();
}, 120_000);
