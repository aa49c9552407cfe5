/**
 * What workers do for experiments: run a chunk of trials, which leaves its results in Postgres under their evaluation
 * keys. An attempt that follows a dead one gives back, or forfeits, the money that this one had set aside, and skips
 * what it had stored: nothing is lost, nothing is stored twice, and each attempt's calls are counted.
 */
import { CancelledFailure, Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { z } from "zod";
import { abandonMany } from "#lib/budget/close.ts";
import type { Clock } from "#lib/clock.ts";
import { loadBenchmarks } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import { stopExperiment } from "#lib/db/experiments.ts";
import { isStopRequested, requireOptimization } from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { SearchPrompt, TrialAnswer, TrialOrder } from "#lib/engine/contract.ts";
import { createHarnessEvaluator } from "#lib/engine/harness-evaluator.ts";
import { loadShape, searchPrompt } from "#lib/engine/load-shape.ts";
import { othersHoldMoney } from "#lib/engine/others-hold-money.ts";
import { createTrialLedger, type TrialLedger } from "#lib/engine/trial-ledger.ts";
import { evaluationIdentityOf, type TrialShape } from "#lib/engine/trial-shape.ts";
import { AppError } from "#lib/errors.ts";
import type { ExecutorRoster } from "#lib/executors/roster.ts";
import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import {
  type BlockRefusal,
  type ChunkInput,
  type ChunkResult,
  type ExperimentActivities,
  finalFailure,
  type TrialActivities,
  trialsPerBlockMax,
} from "#lib/temporal/experiment-contract.ts";
import { groupTrials, listTrials, type TrialId } from "#lib/temporal/trial-groups.ts";

export interface TrialDependencies {
  db: Database;
  executors: ExecutorRoster;
  models: ModelOptions;
  clock: Clock;
  /** After so long a chunk hands on what it has not begun, so that a drain or a new worker never waits for an hour. */
  sliceMs?: number;
}

const chunkInput = z.object({
  experiment_id: z.string().min(1).max(200),
  optimization_id: z.uuid(),
  groups: z
    .array(
      z.object({
        prompt_id: z.uuid(),
        arm: z.enum(["candidate", "baseline"]),
        repeat: z.int().min(0),
        benchmark_ids: z.array(z.uuid()).min(1),
      }),
    )
    .min(1)
    .max(trialsPerBlockMax),
  width: z.int().min(1).max(1_000),
  run_limit_usd: z.number().min(0).nullable(),
  executor: z.string().max(200),
});

const heartbeatMs = 500;
const stopPollMs = 1_000;
/** Of these many attempts in a row not one had a database; what is older has lapsed. */
const attemptsLookedAt = 100;
/** Shapes, prompts and benchmarks never change for one run; this many of each stay in memory. */
const remembered = 2_000;

export function createTrialActivities(dependencies: TrialDependencies): TrialActivities {
  const shapes = new Remembered<TrialShape>();
  const prompts = new Remembered<SearchPrompt>();
  const benchmarks = new Map<string, Benchmark>();
  const ledger = createTrialLedger(dependencies.db);
  return {
    BatchExecuteBenchmarks: (input) =>
      byKind(async () => {
        const chunk = chunkInput.parse(input);
        const { db, executors } = dependencies;
        const [shape, orders, stopped] = await Promise.all([
          shapes.get(chunk.optimization_id, async () =>
            loadShape(db, await requireOptimization(db, chunk.optimization_id), executors),
          ),
          ordersOf(chunk, db, benchmarks, (id) =>
            prompts.get(id, async () => searchPrompt(await requirePrompt(db, id))),
          ),
          isStopRequested(db, chunk.optimization_id),
        ]);
        requireSameExecutor(chunk, shape);
        return runChunk(chunk, { shape, orders, stopped }, { ...dependencies, ledger });
      }),
  };
}

/** On the queue of the workflows: they only touch the database. */
export function createExperimentActivities({ db }: { db: Database }): ExperimentActivities {
  return {
    mark_stopped: ({ experiment_id }) =>
      byKind(() => stopExperiment(db, z.string().min(1).parse(experiment_id))),
  };
}

/** Results are kept under the executor's version: a worker with another one would store what nobody looks for. */
function requireSameExecutor({ executor }: ChunkInput, shape: TrialShape): void {
  if (shape.executor === executor) return;
  throw new AppError(
    "invalid",
    `The run is for the executor ${executor}, and this worker has ${shape.executor} for the system "${shape.agent.system}". Give optimizer and workers the same GENEPOOL_EXECUTORS_FILE.`,
  );
}

async function runChunk(
  chunk: ChunkInput,
  begin: { shape: TrialShape; orders: readonly TrialOrder[]; stopped: boolean },
  {
    db,
    executors,
    models,
    clock,
    ledger,
    sliceMs = 60_000,
  }: TrialDependencies & { ledger: TrialLedger },
): Promise<ChunkResult> {
  const { shape, orders } = begin;
  let { stopped } = begin;
  const context = Context.current();
  const { workflowExecution, activityId, attempt } = context.info;
  const workflowId = workflowExecution?.workflowId ?? "";
  const moneyId = (key: string, at: number) =>
    deterministicUuid(workflowId, activityId, String(at), key);
  await abandonEarlier(db, shape, orders, attempt, moneyId);
  let halted = false;
  const calledOff = new AbortController();
  const callOff = () => calledOff.abort(new AppError("unavailable", "The trial was called off."));
  const progress = { done: 0 };
  context.cancellationSignal.addEventListener("abort", () => {
    halted = true;
    if (!isDraining(context)) callOff();
  });
  const timers = [
    setInterval(() => context.heartbeat(progress), heartbeatMs),
    setInterval(() => {
      isStopRequested(db, chunk.optimization_id).then(
        (found) => {
          stopped ||= found;
          if (found) callOff();
        },
        // The database is away for a moment: the next trial's own write will say so.
        () => undefined,
      );
    }, stopPollMs),
    setTimeout(() => {
      halted = true;
    }, sliceMs),
  ];
  try {
    const evaluator = createHarnessEvaluator({
      db,
      executor: executors.forSystem(shape.agent.system),
      models,
      clock,
      optimizationId: chunk.optimization_id,
      shape,
      concurrency: chunk.width,
      ledger,
      isStopRequested: () => halted || stopped,
      signal: calledOff.signal,
      // A drain too: a trial that only waits goes to another worker.
      hurry: context.cancellationSignal,
      onProgress: (done) => {
        progress.done = done;
      },
      reservationId: (key) => moneyId(key, attempt),
      othersHold: () => othersHoldMoney(db, chunk.optimization_id),
      ...(chunk.run_limit_usd === null ? {} : { runLimitUsd: chunk.run_limit_usd }),
    });
    const answers = await evaluator.evaluate(orders);
    if (context.cancellationSignal.aborted && !isDraining(context))
      throw new CancelledFailure("The experiment was cancelled.");
    return resultOf(answers, listTrials(chunk.groups), stopped);
  } finally {
    for (const timer of timers) clearInterval(timer);
  }
}

/** What the orders came to; whatever was not begun goes out again unless somebody asked to stop. */
function resultOf(
  answers: readonly TrialAnswer[],
  trials: readonly TrialId[],
  stopped: boolean,
): ChunkResult {
  const done = answers.filter(({ state }) => state === "done").length;
  const reasons = answers.flatMap((answer) => (answer.state === "refused" ? [answer.reason] : []));
  const cap = reasons.find((reason): reason is BlockRefusal => reason !== "stopped");
  if (cap !== undefined) return { done, left: [], refused: cap };
  if (stopped && done < answers.length) return { done, left: [], refused: "stopped" };
  const left = trials.filter((_, index) => answers[index]?.state === "refused");
  return { done, left: groupTrials(left), refused: null };
}

/** The money of earlier attempts, whose worker is gone: what may have been billed counts as spent. */
async function abandonEarlier(
  db: Database,
  shape: TrialShape,
  orders: readonly TrialOrder[],
  attempt: number,
  moneyId: (key: string, attempt: number) => string,
): Promise<void> {
  if (attempt === 1) return;
  const keys = orders.map((order) => evaluationKey(evaluationIdentityOf(shape, order)));
  // All of them: an attempt that found no database gave nothing back.
  const earlier = Array.from(
    { length: Math.min(attempt - 1, attemptsLookedAt) },
    (_, back) => attempt - 1 - back,
  );
  await abandonMany(
    db,
    earlier.flatMap((at) => keys.map((key) => moneyId(key, at))),
  );
}

async function ordersOf(
  chunk: ChunkInput,
  db: Database,
  known: Map<string, Benchmark>,
  promptOf: (id: string) => Promise<SearchPrompt>,
): Promise<TrialOrder[]> {
  const trials = listTrials(chunk.groups);
  const ids = [...new Set(trials.map(({ benchmark_id }) => benchmark_id))];
  const benchmarks = new Map<string, Benchmark>();
  const unknown = ids.filter((id) => {
    const found = known.get(id);
    if (found !== undefined) benchmarks.set(id, found);
    return found === undefined;
  });
  for (const benchmark of unknown.length === 0 ? [] : await loadBenchmarks(db, unknown)) {
    benchmarks.set(benchmark.id, benchmark);
    known.set(benchmark.id, benchmark);
  }
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - remembered)))
    known.delete(oldest);
  const orders: TrialOrder[] = [];
  for (const { prompt_id, benchmark_id, arm, repeat } of trials) {
    const benchmark = benchmarks.get(benchmark_id);
    if (benchmark === undefined)
      throw new AppError("not-found", `There is no benchmark ${benchmark_id}.`);
    const prompt = await promptOf(prompt_id);
    orders.push({ prompt, benchmark, arm, repeat, experimentId: chunk.experiment_id });
  }
  return orders;
}

function isDraining({ cancellationSignal }: Context): boolean {
  const { reason } = cancellationSignal;
  return reason instanceof CancelledFailure && reason.message === "WORKER_SHUTDOWN";
}

/** Values by id, loaded once; the oldest go when there are too many. A load that failed is tried again. */
class Remembered<T> {
  private readonly values = new Map<string, Promise<T>>();

  get(id: string, load: () => Promise<T>): Promise<T> {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const value = load();
    this.values.set(id, value);
    value.catch(() => this.values.delete(id));
    const [oldest] = this.values.keys();
    if (this.values.size > remembered && oldest !== undefined) this.values.delete(oldest);
    return value;
  }
}

/** Trying again cures what is away for a moment, after as long as it says; what is wrong stays wrong. */
async function byKind<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFinal =
      error instanceof z.ZodError ||
      (error instanceof AppError && (error.code === "invalid" || error.code === "not-found"));
    if (!isFinal) throw error;
    throw ApplicationFailure.create({
      type: finalFailure,
      nonRetryable: true,
      message: error.message,
      cause: error,
    });
  }
}
