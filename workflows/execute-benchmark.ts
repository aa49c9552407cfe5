/**
 * Calls the activity `execute_benchmark` of a user's own worker, in whatever language it is written. Deterministic code.
 * The queue is foreign, so every wait has an end: nobody may listen there, and the answer may be anything.
 */
import { proxyActivities } from "@temporalio/workflow";
import { requireDecoded } from "#lib/temporal/payload-converter.ts";

export interface ExecuteBenchmarkInput {
  /** The executor's request as published in its JSON Schema. */
  request: unknown;
  task_queue: string;
  /** From start to answer of one attempt, in ms. */
  timeout_ms: number;
  /** How long a worker may take to pick the activity up, in ms. */
  pick_up_ms: number;
}

interface ForeignActivities {
  execute_benchmark(request: unknown): Promise<unknown>;
}

/** Three attempts for what may pass; a failure that says it is final, and bad input, are not repeated. */
export const foreignAttempts = 3;

export async function ExecuteBenchmarkWorkflow(input: ExecuteBenchmarkInput): Promise<unknown> {
  const { execute_benchmark } = proxyActivities<ForeignActivities>({
    taskQueue: input.task_queue,
    startToCloseTimeout: input.timeout_ms,
    scheduleToStartTimeout: input.pick_up_ms,
    retry: {
      initialInterval: "200ms",
      maximumInterval: "5s",
      maximumAttempts: foreignAttempts,
      nonRetryableErrorTypes: ["ValueError", "TypeError", "InvalidBenchmark", "InvalidAnswer"],
    },
  });
  return requireDecoded(await execute_benchmark(input.request));
}
