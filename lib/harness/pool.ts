/**
 * Runs trials. Models of this process are CPU-bound and go to worker threads, one a core; remote models wait on the
 * network and stay in this thread. The result is the same either way.
 */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { judgeModels, singleGraders } from "../domain/grader.ts";
import type { TrialResult } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { GraderCommands } from "../graders/commands.ts";
import { type ModelOptions, type ResolvedModel, rememberingResolver } from "../llm/models.ts";
import { runTrial } from "./run-trial.ts";
import type { TrialRequest } from "./trial-request.ts";

export interface TrialPool {
  /**
   * Runs one trial; rejects with AppError("unavailable") when the pool is closed meanwhile. `hurry` ends its pauses
   * between attempts at a call.
   */
  run(request: TrialRequest, hurry?: AbortSignal): Promise<TrialResult>;
  close(): Promise<void>;
}

export interface TrialPoolOptions {
  models: ModelOptions;
  /** Worker threads; one a core by default. */
  threads?: number;
  /** The operator's own grading programs. */
  graderCommands?: GraderCommands;
}

const closeTimeoutMs = 5_000;

/** A pool that starts its threads with the first trial that needs them. `close` ends what is under way. */
export function createTrialPool(options: TrialPoolOptions): TrialPool {
  const modelOf = rememberingResolver(options.models);
  const closing = new AbortController();
  let workers: Piscina<TrialRequest, TrialResult> | null = null;
  const startWorkers = () =>
    new Piscina<TrialRequest, TrialResult>({
      filename: new URL("./trial-worker.mjs", import.meta.url).href,
      maxThreads: options.threads ?? availableParallelism(),
      minThreads: 1,
      idleTimeout: 60_000,
      closeTimeout: closeTimeoutMs,
    });
  return {
    run: async (request, hurry) => {
      closing.signal.throwIfAborted();
      if (!isLocal(request, modelOf))
        return runTrial(request, modelOf, {
          signal: closing.signal,
          ...(hurry && { hurry }),
          ...(options.graderCommands && { commands: options.graderCommands }),
        });
      workers ??= startWorkers();
      return workers.run(request, { name: "runInWorker" });
    },
    close: async () => {
      closing.abort(new AppError("unavailable", "The trials were stopped."));
      await workers?.destroy();
      workers = null;
    },
  };
}

/** True when a thread without keys and without the operator's programs can run it. */
function isLocal(
  { prompts, benchmark }: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
): boolean {
  const models = [
    ...Object.values(prompts).map(({ model }) => model),
    ...judgeModels(benchmark.grader),
  ];
  const needsCommand = singleGraders(benchmark.grader).some(({ kind }) => kind === "command");
  return !needsCommand && models.every((model) => modelOf(model).local);
}
