/** The in-process engine: trials of one stored optimization on this process's executors. Temporal's workers use it too. */
import { setMaxListeners } from "node:events";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import type { Executor } from "../executors/executor.ts";
import { builtInSystems } from "../executors/settings.ts";
import { canonicalModelId, type ModelOptions, rememberingResolver } from "../llm/models.ts";
import type { Evaluator, SearchPrompt } from "./contract.ts";
import { createPostgresTrialStore } from "./postgres-trial-store.ts";
import { retryTrial, retryWindowMs } from "./retry-trial.ts";
import type { RoundOptions } from "./round.ts";
import { createStoredEvaluator } from "./stored-evaluator.ts";
import type { TrialLedger } from "./trial-ledger.ts";
import {
  evaluationIdentityOf,
  highestTrialCostUsd,
  type TrialShape,
  trialRequestOf,
} from "./trial-shape.ts";

export interface HarnessEvaluatorOptions {
  db: Database;
  /** Runs the shape's agent system. */
  executor: Executor;
  models: ModelOptions;
  clock: Clock;
  optimizationId: string;
  shape: TrialShape;
  /** Trials at once. */
  concurrency: number;
  isStopRequested: () => boolean;
  /** Calls trials under way off where their executor can: a foreign one may take an hour. */
  signal?: AbortSignal;
  /** Ends the pauses of trials that wait for their provider; `signal` by default, which ends them too. */
  hurry?: AbortSignal;
  onProgress?: (done: number) => void;
  /** The id under which a trial's money is set aside; a new one each time by default. */
  reservationId?: (key: string) => string;
  /** The most that the run may have spent and set aside, in USD; more is refused as "money-kept". */
  runLimitUsd?: number;
  /** Do other processes hold money of this run that may come back? */
  othersHold?: () => Promise<boolean>;
  /** Shared with other evaluators of this process, so that their writes go together. */
  ledger?: TrialLedger;
}

/** A reservation whose process died counts as spent (or is given back) after this long. */
export const reservationLeaseMs = 15 * 60_000;
const leaseSlackMs = 5 * 60_000;

export function createHarnessEvaluator(options: HarnessEvaluatorOptions): Evaluator {
  const { db, executor, shape, clock, optimizationId, onProgress } = options;
  const { reservationId, runLimitUsd, othersHold, ledger } = options;
  const resolve = rememberingResolver(options.models);
  const isForeign = !builtInSystems.includes(shape.agent.system);
  // What a foreign agent spent is spent, whatever model its prompt names.
  const billable = isForeign ? !executor.free : !resolve(shape.model).local;
  const signal = options.signal ?? new AbortController().signal;
  // The first fault ends the round, and nobody should wait for a provider until then.
  const faulty = new AbortController();
  const hurry = AbortSignal.any([signal, options.hurry ?? signal, faulty.signal]);
  // As many listen as trials run at once: what looks like a leak to Node is none.
  setMaxListeners(0, signal, hurry);
  const estimateUsd: RoundOptions["estimateUsd"] = (prompt, benchmark) => {
    if (isForeign) return executor.free ? 0 : shape.costLimitUsd;
    return highestTrialCostUsd(shape, prompt, benchmark, resolve);
  };
  return createStoredEvaluator({
    store: createPostgresTrialStore(db, {
      run: { optimizationId, agentType: shape.agent.name, runSeed: shape.runSeed, billable },
      leaseMs: retryWindowMs + Math.max(reservationLeaseMs, executor.timeoutMs + leaseSlackMs),
      clock,
      ...(reservationId === undefined ? {} : { reservationId }),
      ...(runLimitUsd === undefined ? {} : { runLimitUsd }),
      ...(othersHold === undefined ? {} : { othersHold }),
      ...(ledger === undefined ? {} : { ledger }),
    }),
    runTrial: async ({ prompt, benchmark, repeat }, trialId) => {
      const request = trialRequestOf(shape, prompt, benchmark, repeat);
      const task = { trialId, agentType: shape.agent.name, request, hurry };
      try {
        return await retryTrial({
          attempt: (costLimitUsd) =>
            executor.run(
              costLimitUsd === null ? task : { ...task, request: { ...request, costLimitUsd } },
              signal,
            ),
          amountUsd: () => estimateUsd(prompt, benchmark),
          key: trialId,
          ownModel: ownModelOf(prompt),
          hurry,
        });
      } catch (error) {
        faulty.abort();
        throw error;
      }
    },
    keyOf: (order) => evaluationIdentityOf(shape, order),
    estimateUsd,
    concurrency: options.concurrency,
    // A model that bills is slow enough not to need it.
    ahead: billable ? 0 : options.concurrency,
    isStopRequested: options.isStopRequested,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** The model that the prompt names itself, in full. */
function ownModelOf({ genome }: SearchPrompt): string | undefined {
  const { model } = genome.parameters;
  return model === undefined ? undefined : canonicalModelId(model);
}
