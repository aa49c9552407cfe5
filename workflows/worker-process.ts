/** What a worker process is made of, for its two entries: the supervisor's child and `genepool worker`. */
import path from "node:path";
import { Runtime } from "@temporalio/worker";
import { systemClock } from "#lib/clock.ts";
import { createDatabase } from "#lib/db/client.ts";
import type { Env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { executorsFromEnv } from "#lib/executors/from-env.ts";
import { modelOptions } from "#lib/llm/options-from-env.ts";
import { createLogger, type Logger } from "#lib/log.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import { ensureWorkflowBundle } from "./bundle.ts";
import { createLoopActivities } from "./loop-activities.ts";
import { runWorker } from "./run-worker.ts";
import { createExperimentActivities, createTrialActivities } from "./trial-activities.ts";
import { workerSettings } from "./worker-settings.ts";

const root = path.join(import.meta.dirname, "..");

/** Runs until a signal has drained it. Throws AppError("invalid") when Temporal or the database is not configured. */
export async function runWorkerProcess(env: Env): Promise<void> {
  const temporal = temporalSettings(env);
  if (temporal === null)
    throw new AppError("invalid", "A worker needs Temporal: set TEMPORAL_ADDRESS.");
  if (env.DATABASE_URL === undefined)
    throw new AppError(
      "invalid",
      "A worker needs the database of the installation: set DATABASE_URL, or start Genepool here first (npm start; with TEMPORAL_ADDRESS it has a worker of its own).",
    );
  const settings = workerSettings(env);
  const log = createLogger({ level: env.GENEPOOL_LOG_LEVEL, name: "worker" });
  // The SDK would listen for signals itself and end what we drain.
  Runtime.install({ logger: sdkLogger(log), shutdownSignals: [] });
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () =>
      ending.abort(new AppError("unavailable", "The worker was stopped.")),
    );
  const { db, close } = createDatabase({
    url: env.DATABASE_URL,
    poolMax: 16,
    applicationName: "genepool worker",
    onConnectionLost: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const models = await modelOptions(env);
  const { client, close: disconnect } = lazyTemporal(temporal);
  const { pool, executors } = await executorsFromEnv(env, { db, models, client });
  try {
    await runWorker({
      temporal,
      settings,
      bundle: await ensureWorkflowBundle(root),
      activities: {
        ...createLoopActivities({ db, queue: workflowQueue, model: env.GENEPOOL_MODEL ?? null }),
        ...createExperimentActivities({ db }),
      },
      trialActivities: createTrialActivities({ db, executors, models, clock: systemClock }),
      log,
      signal: ending.signal,
      health:
        env.GENEPOOL_WORKER_HEALTH_PORT === 0
          ? null
          : { host: env.HOST, port: env.GENEPOOL_WORKER_HEALTH_PORT },
    });
  } finally {
    await pool.close();
    await disconnect();
    await close();
  }
}

/** The SDK's lines among ours; its chatter about each start is for debugging. */
function sdkLogger(log: Logger) {
  const lines = log.child({ part: "temporal" });
  return {
    log: (_level: string, message: string, meta?: object) => lines.info(meta ?? {}, message),
    trace: (message: string, meta?: object) => lines.trace(meta ?? {}, message),
    debug: (message: string, meta?: object) => lines.debug(meta ?? {}, message),
    info: (message: string, meta?: object) => lines.debug(meta ?? {}, message),
    warn: (message: string, meta?: object) => lines.warn(meta ?? {}, message),
    error: (message: string, meta?: object) => lines.error(meta ?? {}, message),
  };
}
