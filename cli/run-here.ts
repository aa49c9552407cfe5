/** Carries one optimization out in this process, with progress, Ctrl-C and a report: what `optimize` and `prove` share. */
import { randomUUID } from "node:crypto";
import type { Client } from "@temporalio/client";
import { z } from "zod";
import { systemClock } from "#lib/clock.ts";
import type { Database } from "#lib/db/client.ts";
import {
  claimOptimization,
  type Optimization,
  requireOptimization,
} from "#lib/db/optimizations.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { executorsFromEnv } from "#lib/executors/from-env.ts";
import type { createTrialPool } from "#lib/harness/pool.ts";
import { runReport } from "#lib/http/views/run-report.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import { stopOptimization } from "#lib/optimizations/stop-optimization.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { missingWorkers } from "#lib/temporal/missing-workers.ts";
import { providerRates } from "#lib/temporal/provider-rates.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import type { FreshFigures } from "#optimizer/fresh.ts";
import { type HeldLease, holdLease, leaseMs } from "#optimizer/hold-lease.ts";
import { optimizationReport } from "#optimizer/report.ts";
import { carryOut } from "#optimizer/stored-run.ts";
import { exitCodes } from "./exit.ts";
import { printReport } from "./optimize-report.ts";
import { printJson } from "./output.ts";
import { trialProgress } from "./progress.ts";

/** A run that has just ended, and the pool that it ran on. */
export interface RunHere {
  pool: ReturnType<typeof createTrialPool>;
  optimization: Optimization;
  outcome: Awaited<ReturnType<typeof carryOut>>;
}

export interface RunHereOptions {
  models: ModelOptions;
  concurrency: number;
  json: boolean;
  /** When the command began, on the clock of `performance`. */
  began: number;
  /** Measures something more after the run; null when there is nothing to measure. */
  measureFresh?: (run: RunHere) => Promise<FreshFigures | null>;
}

/**
 * Claims a queued or abandoned run, carries it out and prints its report; the exit code says whether there is a candidate.
 * Throws AppError("invalid") for what is no id, AppError("conflict") for a run that another process has or that has ended.
 */
export async function runHere(db: Database, id: string, options: RunHereOptions): Promise<void> {
  const { models, concurrency, json, began } = options;
  const owner = `command-line-${process.pid}-${randomUUID().slice(0, 8)}`;
  const optimization = await claimRun(db, owner, id);
  const configured = temporalSettings(env());
  const ratedProviders = new Set(providerRates(env().GENEPOOL_WORKER_PROVIDER_RATES).keys());
  const temporal = configured === null ? null : lazyTemporal(configured);
  const client = temporal?.client ?? null;
  const { pool, executors } = await executorsFromEnv(env(), { db, models, client });
  const lease = holdLease(db, optimization.id, owner);
  const interrupt = stopOnInterrupt(db, optimization, lease);
  if (client !== null) await tellMissingWorkers(client);
  const progress = trialProgress(json);
  try {
    const outcome = await carryOut(optimization, {
      db,
      pool,
      executors,
      models,
      clock: systemClock,
      temporal:
        temporal === null ? null : { client: temporal.client, queuePrefix: "", ratedProviders },
      concurrency,
      signal: lease.lost,
      onProgress: progress.update,
    }).finally(progress.stop);
    const fresh = (await options.measureFresh?.({ pool, optimization, outcome })) ?? null;
    const ended = await requireOptimization(db, optimization.id);
    const report = await optimizationReport(db, ended, outcome);
    const wallMs = Math.round(performance.now() - began);
    if (json) printJson({ ...report, fresh, wallMs });
    else {
      const run = await runReport(db, optimization.id, systemClock.now());
      printReport(report, { run, fresh, wallMs });
    }
    process.exitCode = outcome.candidates.length > 0 ? exitCodes.ok : exitCodes.noCandidate;
  } finally {
    await temporal?.close();
    process.off("SIGINT", interrupt);
    await lease.end({ giveBack: true });
    await pool.close();
  }
}

/** The run waits for workers and goes on by itself; a person who started none would wait for ever. */
async function tellMissingWorkers(client: Client): Promise<void> {
  try {
    for (const sentence of await missingWorkers(client)) console.error(`Waiting. ${sentence}`);
  } catch (error) {
    console.error(`Waiting. ${reasonOf(error)}`);
  }
}

/** Ctrl-C asks the run to stop, which keeps what it has; a second one leaves it to `--resume` or the optimizer. */
function stopOnInterrupt(db: Database, { id }: Optimization, lease: HeldLease): () => void {
  let asked = false;
  const interrupt = () => {
    if (asked) {
      console.error(`Left as it is. Go on with: genepool optimize --resume ${id}`);
      void lease.end({ giveBack: true }).finally(() => process.exit(130));
      return;
    }
    asked = true;
    console.error("Stopping; what was measured is kept. Ctrl-C again to leave at once.");
    stopOptimization(db, id, "command line").catch((error: unknown) =>
      console.error(reasonOf(error)),
    );
  };
  process.on("SIGINT", interrupt);
  return interrupt;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The run, claimed for this process. */
async function claimRun(db: Database, owner: string, id: string): Promise<Optimization> {
  if (!z.uuid().safeParse(id).success)
    throw new AppError(
      "invalid",
      `--resume takes the id of a run, not "${id}". genepool runs shows them.`,
    );
  const claimed = await claimOptimization(db, { owner, leaseMs, id });
  if (claimed !== null) return claimed;
  const { state, agentType } = await requireOptimization(db, id);
  throw new AppError(
    "conflict",
    state === "queued"
      ? `Another optimization of "${agentType}" is running; this one is queued as ${id}. A running server takes it up when the other has ended; without one: genepool optimize --resume ${id}`
      : state === "running" || state === "stopping"
        ? `Run ${id} is being carried out by another process. If that one died, try again in ${leaseMs / 1_000} seconds.`
        : `Run ${id} has ended (${state}): there is nothing to resume.`,
  );
}
