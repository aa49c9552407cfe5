/** Runs one benchmark on a user's own task queue: the executor `temporal-activity` is this function behind its port. */
import { randomUUID } from "node:crypto";
import { type Client, WorkflowFailedError } from "@temporalio/client";
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from "@temporalio/common";
import { AppError } from "../errors.ts";

export interface ExecuteOptions {
  taskQueue: string;
  /** From start to answer of one attempt, in ms. */
  timeoutMs: number;
  /** The same id joins a run under way instead of starting another; default: a new one. */
  id?: string;
  /** How long a worker may take to pick it up, in ms. */
  pickUpMs?: number;
}

/** What `workflows/execute-benchmark.ts` is called by, and how often it tries. */
const workflowName = "ExecuteBenchmarkWorkflow";
const attempts = 3;
const defaultPickUpMs = 10_000;
const slackMs = 20_000;
const cancelTimeoutMs = 5_000;
/** Temporal refuses payloads of 2 MB, and the encryption adds a little. */
export const requestBytesMax = 1_900_000;

/**
 * A function that runs `execute_benchmark` with `request` and answers whatever came back, still to be checked. Throws
 * AppError("invalid") for a request too large and for an answer that is not JSON, AppError("unavailable") when nobody
 * listens on the queue, time runs out or the activity fails; the reason is in the message.
 */
export function temporalExecutor(client: Client, workflowQueue: string) {
  return async (
    request: unknown,
    options: ExecuteOptions,
    signal: AbortSignal,
  ): Promise<unknown> => {
    signal.throwIfAborted();
    const bytes = Buffer.byteLength(JSON.stringify(request) ?? "");
    if (bytes > requestBytesMax)
      throw new AppError(
        "invalid",
        `The request for the task queue "${options.taskQueue}" has ${bytes} bytes; Temporal takes ${requestBytesMax}.`,
      );
    const pickUpMs = options.pickUpMs ?? defaultPickUpMs;
    const handle = await client.workflow.start(workflowName, {
      workflowId: `execute-${options.id ?? randomUUID()}`,
      workflowIdConflictPolicy: "USE_EXISTING",
      taskQueue: workflowQueue,
      // The end of all attempts, so that nothing in a foreign worker can keep the run open.
      workflowExecutionTimeout: attempts * (options.timeoutMs + pickUpMs) + slackMs,
      args: [
        {
          request,
          task_queue: options.taskQueue,
          timeout_ms: options.timeoutMs,
          pick_up_ms: pickUpMs,
        },
      ],
    });
    const cancel = () => {
      // The abort is answered at once; the run ends by itself when even this does not reach the server.
      void client
        .withDeadline(Date.now() + cancelTimeoutMs, () => handle.cancel())
        .catch(() => undefined);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      // The wait for the result ends with the abort too: the connection may be closed next.
      const result = client.withAbortSignal(signal, () => handle.result());
      return await untilAborted(result, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw explained(error, options);
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function explained(error: unknown, { taskQueue, timeoutMs }: ExecuteOptions): AppError {
  if (!(error instanceof WorkflowFailedError))
    return new AppError("unavailable", `Temporal could not run the benchmark: ${wordsOf(error)}`, {
      cause: error,
    });
  const direct = error.cause;
  const cause = direct instanceof ActivityFailure ? direct.cause : direct;
  const told = (code: "invalid" | "unavailable", message: string) =>
    new AppError(code, message, { cause: error });
  if (cause instanceof ApplicationFailure) {
    const type = cause.type ?? "failure";
    if (type === "InvalidAnswer") return told("invalid", cause.message);
    return told("unavailable", `execute_benchmark failed (${type}): ${cause.message}`);
  }
  if (cause instanceof CancelledFailure) return told("unavailable", "The run was cancelled.");
  if (cause instanceof TimeoutFailure) {
    if (cause.timeoutType === "SCHEDULE_TO_START")
      return told("unavailable", `No worker listens on the task queue "${taskQueue}".`);
    return told("unavailable", `execute_benchmark did not answer within ${timeoutMs} ms.`);
  }
  return told("unavailable", `execute_benchmark failed: ${wordsOf(cause ?? error)}`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
