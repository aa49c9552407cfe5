/**
 * Carries out one stored optimization: reads what it depends on, wires the ports to Postgres and the harness, runs the
 * loop and writes the end. The optimizer service and the command line both call it.
 */
import type { Client } from "@temporalio/client";
import { dayOf } from "#lib/budget/amounts.ts";
import { releaseOrphans } from "#lib/budget/close.ts";
import { tellExhausted } from "#lib/budget/tell-exhausted.ts";
import type { Clock } from "#lib/clock.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import { stopExperiments } from "#lib/db/experiments.ts";
import {
  finishOptimization,
  isStopRequested,
  type Optimization,
  setTrialsDone,
  setWaiting,
} from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { findTrials } from "#lib/db/trials.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import type { Evaluator } from "#lib/engine/contract.ts";
import { createHarnessEvaluator, reservationLeaseMs } from "#lib/engine/harness-evaluator.ts";
import { loadShape, searchPrompt } from "#lib/engine/load-shape.ts";
import { trialRole } from "#lib/engine/postgres-trial-store.ts";
import { createTemporalEvaluator } from "#lib/engine/temporal-evaluator.ts";
import { evaluationIdentityOf, type TrialShape } from "#lib/engine/trial-shape.ts";
import { AppError } from "#lib/errors.ts";
import { builtInRoster, type ExecutorRoster } from "#lib/executors/roster.ts";
import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import { canonicalModelId, type ModelOptions, rememberingResolver } from "#lib/llm/models.ts";
import { providerQueue, workflowQueue } from "#lib/temporal/queues.ts";
import { completionModel } from "./adapters/completion-models.ts";
import {
  evidenceFromJournal,
  evidenceFromTrial,
  mineExamples,
} from "./adapters/evidence-from-trials.ts";
import { frozenJournal, frozenJudge } from "./adapters/frozen-input.ts";
import { createKeptCompleter } from "./adapters/kept-completer.ts";
import { createPrismaRunStore } from "./adapters/prisma-run-store.ts";
import type { EvidenceRun } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";
import type { SearchPrompt } from "./ports.ts";
import { runOptimization } from "./run.ts";
import type { RunOutcome } from "./run-contract.ts";

export interface StoredRunContext {
  db: Database;
  pool: TrialPool;
  /** Who runs which agent system; only the built-in ones where absent. */
  executors?: ExecutorRoster;
  models: ModelOptions;
  clock: Clock;
  /** Trials run on Temporal's workers; without it in this process. */
  temporal?: {
    client: Client;
    queuePrefix: string;
    /** Providers whose queue is held to a rate. */
    ratedProviders?: ReadonlySet<string>;
  } | null;
  /** Trials at once; null takes the run's own setting. */
  concurrency?: number | null;
  /** Ends scheduling at once: the process is going down and another one will resume. */
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

const stopPollMs = 1_000;

/** Thrown when the process goes down in mid-run: the row stays as it is, and the next process resumes it. */
export class RunInterrupted extends Error {}

/** Runs or resumes the optimization to its end and answers its outcome. */
export async function carryOut(
  optimization: Optimization,
  context: StoredRunContext,
): Promise<RunOutcome> {
  const { db } = context;
  try {
    const outcome = await execute(optimization, context);
    if (context.signal?.aborted) throw new RunInterrupted("the process is going down");
    await stopExperiments(db, optimization.id);
    const state =
      outcome.stopped === "stopped"
        ? "stopped"
        : outcome.stopped === "provider-down" || outcome.stopped === "grader-down"
          ? "failed"
          : "finished";
    await inTransaction(db, async (tx) => {
      await finishOptimization(tx, optimization.id, {
        state,
        outcome: outcome.summary,
        failure: state === "failed" ? outcome.summary : null,
        result: resultOf(outcome),
        trials: outcome.trials,
        candidateIds: outcome.candidates.map(({ promptId }) => promptId),
      });
      if (outcome.stopped === "day-cap" || outcome.stopped === "run-cap") {
        const { id: optimizationId } = optimization;
        const day = dayOf(context.clock.now());
        await tellExhausted(tx, { cap: outcome.stopped, day, optimizationId });
      }
    });
    return outcome;
  } catch (error) {
    if (error instanceof RunInterrupted || context.signal?.aborted) throw error;
    const failure = error instanceof Error ? error.message : String(error);
    await stopExperiments(db, optimization.id);
    await inTransaction(db, (tx) =>
      finishOptimization(tx, optimization.id, {
        state: "failed",
        outcome: "The run failed.",
        failure,
        result: null,
        candidateIds: [],
      }),
    );
    throw error;
  }
}

async function execute(optimization: Optimization, context: StoredRunContext): Promise<RunOutcome> {
  const { db, clock } = context;
  const { config } = optimization;
  const begun = optimization.resumedAt ?? optimization.startedAt ?? clock.now();
  const startedAt = begun.getTime();
  const { temporal = null } = context;
  // Trials on Temporal outlive this process, and their workers answer for their money.
  await releaseOrphans(db, optimization.id, temporal === null ? {} : { exceptRole: trialRole });
  if (optimization.waiting !== null) await setWaiting(db, optimization.id, null);
  const executors = context.executors ?? builtInRoster(context.pool);
  const shape = await loadShape(db, optimization, executors);
  const incumbent = searchPrompt(await requirePrompt(db, optimization.incumbentId));
  const resolve = rememberingResolver(context.models);
  // By code unit, whatever the database's collation: the draws depend on the order.
  const benchmarks = (await loadSuite(db, shape.agent.suite)).sort((a, b) =>
    a.externalId < b.externalId ? -1 : 1,
  );
  if (benchmarks.length === 0) {
    throw new AppError(
      "invalid",
      `The suite "${shape.agent.suite}" has no benchmarks. Import some: genepool suites import.`,
    );
  }
  const stop = watchStop(db, optimization.id, context.signal);
  try {
    const evaluator = createEngine(optimization, shape, stop, { ...context, executors });
    const proposer = completionModel(resolve(config.proposerModel ?? shape.model));
    const sanity = completionModel(
      resolve(config.sanityModel ?? config.proposerModel ?? shape.model),
    );
    const completer = createKeptCompleter(db, {
      optimizationId: optimization.id,
      modelFor: (role) => (role === "sanity" ? sanity : proposer),
      leaseMs: reservationLeaseMs,
      clock,
    });
    const outcome = await runOptimization(
      {
        config,
        agent: shape.agent,
        incumbent,
        benchmarks,
        judge: await frozenJudge(optimization, db, benchmarks),
        ...(await frozenJournal(optimization, db)),
        tracesOf: (prompt, measurements) => tracesOf(db, shape, prompt, benchmarks, measurements),
        mineExamples: (ids, traces) => mineExamples(shape.agent, benchmarks, ids, traces),
        experimentId: (kind, generation, promptId) =>
          deterministicUuid(optimization.id, kind, String(generation), promptId),
      },
      {
        evaluator,
        completer,
        store: createPrismaRunStore(db, optimization, shape.agent.suite),
        isOverTime: () => clock.now().getTime() - startedAt > config.budget.wallClockMaxMs,
      },
    );
    await evaluator.finish();
    return outcome;
  } finally {
    stop.close();
  }
}

/** The engine that runs the trials; `finish` says that no more will be asked for. */
function createEngine(
  { id, config }: Optimization,
  shape: TrialShape,
  stop: ReturnType<typeof watchStop>,
  {
    db,
    executors,
    models,
    clock,
    temporal = null,
    signal,
    ...context
  }: StoredRunContext & {
    executors: ExecutorRoster;
  },
): Evaluator & { finish: () => Promise<void> } {
  const shared = {
    db,
    optimizationId: id,
    shape,
    concurrency: context.concurrency ?? config.concurrency,
    onProgress: progressWriter(db, id, context.onProgress),
  };
  if (temporal === null) {
    const evaluator = createHarnessEvaluator({
      ...shared,
      executor: executors.forSystem(shape.agent.system),
      models,
      clock,
      isStopRequested: stop.isRequested,
      signal: stop.signal,
    });
    return { ...evaluator, finish: async () => undefined };
  }
  const { client, queuePrefix, ratedProviders } = temporal;
  const [provider = ""] = canonicalModelId(shape.model).split(":");
  return createTemporalEvaluator({
    ...shared,
    client,
    queues: {
      workflows: `${queuePrefix}${workflowQueue}`,
      trials: `${queuePrefix}${providerQueue(provider)}`,
    },
    isRated: ratedProviders?.has(provider) ?? false,
    isStopRequested: stop.isRequestedByPerson,
    signal: signal ?? new AbortController().signal,
    onWaiting: (reason) => {
      const waiting = reason === null ? null : { reason, since: clock.now() };
      // For eyes only: the run itself goes on when Temporal is back.
      setWaiting(db, id, waiting).catch(() => undefined);
    },
  });
}

async function tracesOf(
  db: Database,
  shape: TrialShape,
  prompt: SearchPrompt,
  benchmarks: Awaited<ReturnType<typeof loadSuite>>,
  measurements: readonly Measurement[],
): Promise<EvidenceRun[]> {
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  const keys = measurements.flatMap(({ benchmarkId, repeat }) => {
    const benchmark = byId.get(benchmarkId);
    if (benchmark === undefined) return [];
    const order = {
      prompt,
      benchmark,
      repeat,
      arm: "baseline" as const,
      experimentId: "",
    };
    return [{ benchmarkId, key: evaluationKey(evaluationIdentityOf(shape, order)) }];
  });
  const trials = await findTrials(
    db,
    keys.map(({ key }) => key),
  );
  return keys.flatMap(({ key, benchmarkId }) => {
    const trial = trials.get(key);
    return trial === undefined ? [] : [evidenceFromTrial(key, benchmarkId, trial.result)];
  });
}

/** Asks the database about a stop request about once a second, so that trials need not. */
function watchStop(db: Database, id: string, signal: AbortSignal | undefined) {
  let requested = false;
  const calledOff = new AbortController();
  const callOff = () => calledOff.abort(new AppError("unavailable", "The trials were stopped."));
  signal?.addEventListener("abort", callOff, { once: true });
  if (signal?.aborted) callOff();
  const timer = setInterval(() => {
    isStopRequested(db, id).then(
      (found) => {
        if (!found) return;
        requested = true;
        callOff();
      },
      // The database is away for a moment: the trial's own write will say so, the next poll asks again.
      () => undefined,
    );
  }, stopPollMs);
  timer.unref();
  return {
    isRequested: () => calledOff.signal.aborted,
    isRequestedByPerson: () => requested,
    /** Calls executors off at once: their trials may take an hour. */
    signal: calledOff.signal,
    close: () => {
      clearInterval(timer);
      signal?.removeEventListener("abort", callOff);
    },
  };
}

/** Writes progress at most twice a second. */
function progressWriter(
  db: Database,
  id: string,
  tell: ((done: number) => void) | undefined,
): (done: number) => void {
  let written = 0;
  return (done) => {
    tell?.(done);
    const now = performance.now();
    if (now - written < 500) return;
    written = now;
    // Progress is for eyes only; a lost update is mended by the next one.
    setTrialsDone(db, id, done).catch(() => undefined);
  };
}

/** What is kept of the outcome in the optimization's own row. */
function resultOf(outcome: RunOutcome) {
  return {
    stopped: outcome.stopped,
    trials: outcome.trials,
    incumbentObjectives: outcome.incumbentObjectives,
    finalists: outcome.finalists.map(({ promptId, experimentId, verdict }) => ({
      promptId,
      experimentId,
      verdict: verdict.kind,
    })),
    candidates: outcome.candidates.map(({ promptId }) => promptId),
    coach: outcome.coach,
  };
}
