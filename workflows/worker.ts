/**
 * The worker: one process that serves the workflow queue and one queue for each model provider. Slots are bounded, so
 * that a worker takes no more than it can finish; a drain lets what is under way end and hands the rest to others.
 */
import type { DataConverter } from "@temporalio/common";
import { NativeConnection, Worker, type WorkerOptions } from "@temporalio/worker";
import { AppError } from "#lib/errors.ts";
import { connectionOptions, dataConverter } from "#lib/temporal/connection.ts";
import { providerQueue, workflowQueue } from "#lib/temporal/queues.ts";
import type { TemporalSettings } from "#lib/temporal/settings.ts";
import type { WorkerSettings } from "./worker-settings.ts";

export interface RunningWorker {
  /** By queue, the state that Temporal's SDK gives: `RUNNING` when it polls. */
  states(): { queue: string; state: string; activities: number }[];
  /** Resolves when every queue has ended; rejects when one broke. */
  ended: Promise<void>;
  /** Ends in good order: no new work, at most `drainMs` for what is under way. */
  drain(): void;
}

export interface WorkerParts {
  temporal: TemporalSettings;
  settings: WorkerSettings;
  /** Path of the bundle from `ensureWorkflowBundle`. */
  bundle: string;
  /** Activities of the workflow queue: short, and on the database only. */
  activities: object;
  /** Activities of every provider's queue: trials. */
  trialActivities: object;
  /** Replaces the product's queues, so that tests on one server do not serve each other. */
  queuePrefix?: string;
}

/** Settings that were measured: docs/temporal.md says how. */
const shared = {
  // A worker that died keeps nothing for itself longer than this.
  stickyQueueScheduleToStartTimeout: "1s",
  // Progress of a chunk is known to the server soon enough to be worth resuming from.
  maxHeartbeatThrottleInterval: "200ms",
  defaultHeartbeatThrottleInterval: "200ms",
  maxCachedWorkflows: 100,
} satisfies Partial<WorkerOptions>;

/** Connects and starts to poll. Throws AppError("unavailable") when the server cannot be reached. */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const connection = await connect(parts.temporal);
  const workers: { queue: string; worker: Worker }[] = [];
  try {
    for (const options of queueOptions(parts))
      workers.push({
        queue: options.taskQueue,
        worker: await Worker.create({ ...options, connection }),
      });
  } catch (error) {
    await letGo(workers.map(({ worker }) => worker));
    await connection.close();
    throw error;
  }
  const drain = () => {
    for (const { worker } of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };
  const ended = Promise.allSettled(
    workers.map(async ({ worker }) => {
      try {
        await worker.run();
      } finally {
        // One queue without the others would look alive and do half of the work.
        drain();
      }
    }),
  ).then(async (results) => {
    await connection.close();
    const broken = results.find((result) => result.status === "rejected");
    if (broken !== undefined) throw broken.reason;
  });
  return {
    states: () =>
      workers.map(({ queue, worker }) => {
        const { runState, numInFlightActivities } = worker.getStatus();
        return { queue, state: runState, activities: numInFlightActivities };
      }),
    ended,
    drain,
  };
}

/** A worker that never ran still holds the connection; running it to its end is the way to let go. */
async function letGo(workers: readonly Worker[]): Promise<void> {
  await Promise.allSettled(
    workers.map(async (worker) => {
      const ended = worker.run();
      worker.shutdown();
      await ended;
    }),
  );
}

/** One entry a queue; pure, so that a test can read the bounds. */
export function queueOptions(parts: WorkerParts): (WorkerOptions & { taskQueue: string })[] {
  const { settings, temporal, trialActivities, queuePrefix = "" } = parts;
  const served = Object.keys(trialActivities).length === 0 ? [] : settings.providers;
  const converter: DataConverter = dataConverter(temporal);
  const common = {
    ...shared,
    namespace: temporal.namespace,
    dataConverter: converter,
    shutdownGraceTime: settings.drainMs,
    // After the grace an activity is told to stop; this is for one that does not listen.
    shutdownForceTime: settings.drainMs + 5_000,
  };
  return [
    {
      ...common,
      taskQueue: `${queuePrefix}${workflowQueue}`,
      workflowBundle: { codePath: parts.bundle },
      activities: parts.activities,
      maxConcurrentWorkflowTaskExecutions: 40,
      maxConcurrentActivityTaskExecutions: 100,
    },
    ...served.map(({ name, ratePerSecond }) => ({
      ...common,
      taskQueue: `${queuePrefix}${providerQueue(name)}`,
      activities: trialActivities,
      maxConcurrentActivityTaskExecutions: settings.concurrency,
      ...(ratePerSecond === null ? {} : { maxTaskQueueActivitiesPerSecond: ratePerSecond }),
    })),
  ];
}

async function connect(settings: TemporalSettings): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions(settings));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "unavailable",
      `Temporal at ${settings.address} cannot be reached: ${words}`,
      {
        cause,
      },
    );
  }
}
