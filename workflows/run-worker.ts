/** A worker from its first connection to its drained end; it waits for a server that is away and never gives up. */
import { AppError } from "#lib/errors.ts";
import type { Logger } from "#lib/log.ts";
import { pause } from "#lib/pause.ts";
import { connectTemporal } from "#lib/temporal/connection.ts";
import { registerSearchAttributes } from "#lib/temporal/register-search-attributes.ts";
import { serveHealth, type WorkerHealth } from "./health.ts";
import { type RunningWorker, startWorker, type WorkerParts } from "./worker.ts";

export interface RunWorkerOptions extends WorkerParts {
  log: Logger;
  /** Its abort begins the drain. */
  signal: AbortSignal;
  /** Where the health is served; null for nowhere. */
  health: { host: string; port: number } | null;
}

const retryMs = [500, 1_000, 2_000, 5_000];

/** Resolves when drained; rejects when a queue broke, so that a supervisor starts the process again. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { log, signal } = options;
  let running: RunningWorker | null = null;
  let reason: string | null = "connecting to Temporal";
  const health = (): WorkerHealth => {
    const queues = running?.states() ?? [];
    const polls = queues.length > 0 && queues.every(({ state }) => state === "RUNNING");
    return { ready: polls && reason === null, reason, queues };
  };
  const server = options.health === null ? null : await serveHealth({ ...options.health, health });
  if (server !== null) log.info({ port: server.port }, "worker health is served");
  try {
    running = await untilStarted(options, (words) => {
      reason = words;
    });
    if (running === null) return;
    reason = null;
    const started = running;
    const drain = () => {
      reason = "draining";
      started.drain();
    };
    if (signal.aborted) drain();
    else signal.addEventListener("abort", drain, { once: true });
    log.info({ queues: started.states().map(({ queue }) => queue) }, "worker is ready");
    await started.ended;
    log.info("worker drained");
  } finally {
    await server?.close();
  }
}

/** Tries until the server answers; null when the signal aborts before. */
async function untilStarted(
  options: RunWorkerOptions,
  waiting: (reason: string) => void,
): Promise<RunningWorker | null> {
  const { log, signal, temporal } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const { client, close } = await connectTemporal(temporal);
      try {
        await registerSearchAttributes(client.connection, temporal.namespace);
      } finally {
        await close();
      }
      return await startWorker(options);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      waiting(words);
      const again = retryMs[attempt] ?? retryMs.at(-1) ?? 0;
      // What is away is no fault to trace; anything else is.
      const known = error instanceof AppError && error.code === "unavailable";
      log.warn(
        { ...(known ? { reason: words } : { err: error }), againInMs: again },
        "the worker cannot start yet",
      );
      await pause(again, signal);
    }
  }
  return null;
}
