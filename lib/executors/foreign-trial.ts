import pLimit from "p-limit";
import { AppError } from "#lib/errors.ts";
import type { GraderCommands } from "#lib/graders/commands.ts";
import { CostMeter } from "#lib/harness/cost-meter.ts";
import type { GradingContext } from "#lib/harness/graders.ts";
import type { ResolvedModel } from "#lib/llm/models.ts";
import type { PriceTable } from "#lib/llm/prices.ts";
import { buildRequest } from "./build-request.ts";
import type { ExecutorRequest } from "./contract.ts";
import type { Executor, Reply } from "./executor.ts";
import { readAnswer } from "./read-answer.ts";
import type { ExecutorSettings } from "./settings.ts";

/** How one kind of executor reaches the agent; never throws for what the agent does. */
export type CallAgent = (request: ExecutorRequest, ends: AbortSignal) => Promise<Reply>;

/** What graders of raw output need beside the answer. */
export interface GradingParts {
  modelOf?: (id: string) => ResolvedModel;
  commands?: GraderCommands;
}

interface ForeignParts {
  prices: PriceTable;
  grading?: GradingParts;
  call: CallAgent;
  /** What the operator must mend before it can run. */
  check: () => string[];
}

/**
 * What all executors of foreign agents share: trials at once, the deadline, calling off, and reading what comes back.
 * The time of a trial begins when it is sent, not while it waits for its turn.
 */
export function foreignExecutor(
  settings: ExecutorSettings,
  { call, check, prices, grading = {} }: ForeignParts,
): Executor {
  const limit = pLimit(settings.concurrency);
  const { name, version, free, simulated, sendExpected } = settings;
  const timeoutMs = Math.ceil(settings.timeoutSeconds * 1_000);
  return {
    name,
    version,
    free,
    timeoutMs,
    check,
    run: (task, signal) =>
      limit(async () => {
        signal.throwIfAborted();
        const faults = check();
        if (faults.length > 0)
          throw new AppError("unavailable", `The executor ${name} cannot run: ${faults.join(" ")}`);
        const deadline = new Date(Date.now() + timeoutMs);
        const timeout = AbortSignal.timeout(timeoutMs);
        const began = performance.now();
        const request = buildRequest(task, { deadline, sendExpected });
        const reply = await call(request, AbortSignal.any([signal, timeout]));
        task.onReply?.(reply);
        // A trial that was called off says nothing about its prompts.
        signal.throwIfAborted();
        const tookMs = Math.round(performance.now() - began);
        const { modelOf, commands } = grading;
        const contextFor = (limitUsd: number | null): GradingContext => ({
          ...(modelOf && {
            judge: {
              modelOf,
              meter: new CostMeter(limitUsd),
              ...(task.hurry && { hurry: task.hurry }),
            },
          }),
          ...(commands && { commands }),
          signal,
        });
        return readAnswer(task, timeout.aborted ? tooLate(settings.timeoutSeconds) : reply, {
          rules: { free, simulated, prices, grading: contextFor },
          tookMs,
        });
      }),
  };
}

function tooLate(seconds: number): Reply {
  return {
    ok: false,
    errorClass: "timeout",
    cause: "no answer in time",
    message: `No whole answer came within ${seconds} s.`,
    mayHaveCost: true,
  };
}

/** A reply that is a fault of the executor or of the way to it. */
export function executorFault(
  cause: string,
  message: string,
  mayHaveCost: boolean,
): Extract<Reply, { ok: false }> {
  return { ok: false, errorClass: "executor-error", cause, message, mayHaveCost };
}
