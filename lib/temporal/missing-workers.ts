/** Whether anybody takes work from a task queue: work that nobody takes waits, and looks like work that is slow. */
import type { Client } from "@temporalio/client";
import { AppError } from "../errors.ts";
import { workflowQueue } from "./queues.ts";

const lookTimeoutMs = 5_000;
/** Temporal remembers a worker for minutes; one that lives asks again within a minute. */
const silentMs = 90_000;
/** `TaskQueueType` of Temporal's API. */
const queueTypes = { workflow: 1, activity: 2 } as const;

export interface WantedQueues {
  /** Queue of Genepool's own workers. */
  workflows?: string;
  /** Queue of a foreign worker with the activity `execute_benchmark`. */
  activities?: string | undefined;
}

/**
 * What must be started before work on these queues can go on, a sentence each; empty when workers are there. Throws
 * AppError("unavailable") when the server does not say.
 */
export async function missingWorkers(
  client: Client,
  { workflows = workflowQueue, activities }: WantedQueues = {},
): Promise<string[]> {
  const missing: string[] = [];
  if (!(await isPolled(client, workflows, "workflow")))
    missing.push(
      "No worker of Genepool is running. Start one: npm start with TEMPORAL_ADDRESS has one, genepool worker is another.",
    );
  if (activities !== undefined && !(await isPolled(client, activities, "activity")))
    missing.push(
      `No worker has asked the task queue "${activities}" for work in the last ${silentMs / 1_000} s: none runs, or all its slots are taken. Start the agent's worker, or mend taskQueue in the executors file.`,
    );
  return missing;
}

/** Whether a worker has asked this queue for work lately. Throws AppError("unavailable") when the server does not say. */
export async function isPolled(
  client: Client,
  taskQueue: string,
  type: keyof typeof queueTypes,
): Promise<boolean> {
  try {
    const { pollers } = await client.withDeadline(Date.now() + lookTimeoutMs, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: queueTypes[type],
      }),
    );
    return (pollers ?? []).some(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - silentMs,
    );
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("unavailable", `Temporal cannot be asked about workers: ${words}`, {
      cause,
    });
  }
}
