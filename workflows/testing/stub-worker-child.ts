/** A worker process whose trials are a stub's, each call noted in a file: what the chaos tests kill. */
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import { StubPool } from "#lib/engine/testing/stub-pool.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { createLogger } from "#lib/log.ts";
import { ensureWorkflowBundle } from "../bundle.ts";
import { runWorker } from "../run-worker.ts";
import { createExperimentActivities, createTrialActivities } from "../trial-activities.ts";
import { projectRoot, quietRuntime, testSettings } from "./test-worker.ts";

const [
  address = "",
  namespace = "",
  databaseUrl = "",
  queuePrefix = "",
  callsFile = "",
  delay = "",
  version = "today",
] = process.argv.slice(2);
quietRuntime();
const { db } = createDatabase({ url: databaseUrl, poolMax: 8, onConnectionLost: () => undefined });
const pool = new StubPool();
pool.delayMs = Number(delay);
pool.onCall = (request) =>
  appendFileSync(callsFile, `${request.benchmark.id}/${request.repeat} ${process.pid}\n`);
const ending = new AbortController();
process.once("SIGTERM", () => ending.abort());
await runWorker({
  temporal: testSettings({ address, namespace }),
  settings: {
    concurrency: 10,
    providers: [{ name: "simulated", ratePerSecond: null }],
    drainMs: 2_000,
  },
  bundle: version === "next" ? await nextBundle() : await ensureWorkflowBundle(projectRoot),
  activities: createExperimentActivities({ db }),
  trialActivities: createTrialActivities({
    db,
    executors: builtInRoster(pool),
    models: { keys: {} },
    clock: systemClock,
  }),
  queuePrefix,
  log: createLogger({ level: "silent", name: "stub worker" }),
  signal: ending.signal,
  health: { host: "127.0.0.1", port: Number(process.env.HEALTH_PORT ?? 0) },
});
process.exit(0);

/** Built for this process alone. */
async function nextBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(import.meta.dirname, "next-workflows.ts"),
    payloadConverterPath: path.join(projectRoot, "lib/temporal/payload-converter.ts"),
    logger: new DefaultLogger("ERROR"),
  });
  const file = `${callsFile}.next-${process.pid}.js`;
  writeFileSync(file, code);
  return file;
}
