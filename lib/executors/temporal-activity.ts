/**
 * The executor `temporal-activity`: the trial goes to the activity `execute_benchmark` of a worker on the operator's own
 * task queue, in whatever language that is written. Retries, the pick-up time and the end are Temporal's.
 */
import type { PriceTable } from "#lib/llm/prices.ts";
import { AppError } from "../errors.ts";
import type { Executor, Reply } from "./executor.ts";
import { executorFault, foreignExecutor, type GradingParts } from "./foreign-trial.ts";
import type { TemporalSettings } from "./settings.ts";

/** Runs `execute_benchmark`; lib/temporal/execute-benchmark.ts does it. */
export type RunActivity = (
  request: unknown,
  options: { taskQueue: string; timeoutMs: number; id: string; pickUpMs: number },
  signal: AbortSignal,
) => Promise<unknown>;

export interface TemporalDependencies {
  prices: PriceTable;
  grading?: GradingParts;
  /** Null where Temporal is not configured: the executor says what it needs. */
  run: RunActivity | null;
}

export function createTemporalActivityExecutor(
  settings: TemporalSettings,
  { run, ...shared }: TemporalDependencies,
): Executor {
  const { name, taskQueue, timeoutSeconds, scheduleToStartSeconds } = settings;
  return foreignExecutor(settings, {
    ...shared,
    check: () =>
      run === null ? [`${name} is a Temporal activity and needs TEMPORAL_ADDRESS.`] : [],
    call: async (request, ends): Promise<Reply> => {
      if (run === null) throw new AppError("unavailable", "Temporal is not configured.");
      try {
        const answer = await run(
          request,
          {
            taskQueue,
            timeoutMs: Math.ceil(timeoutSeconds * 1_000),
            id: request.trial_id,
            pickUpMs: Math.ceil(scheduleToStartSeconds * 1_000),
          },
          ends,
        );
        return { ok: true, text: JSON.stringify(answer) ?? "" };
      } catch (error) {
        if (error instanceof AppError) return faultOf(error);
        // The deadline and a call-off are told apart by who asked.
        if (ends.aborted) return executorFault("called off", "It was called off.", true);
        throw error;
      }
    },
  });
}

/** What could not be asked for has cost nothing; what failed on its way may have. */
function faultOf(error: AppError): Reply {
  const cause = error.code === "invalid" ? "answer refused" : "activity failed";
  const nobody = error.message.startsWith("No worker listens");
  if (!nobody) return executorFault(cause, error.message, true);
  const fault = { kind: "passing", retryAfterMs: null } as const;
  return { ...executorFault("no worker", error.message, false), fault };
}
