/**
 * Carries out one stored optimization: reads what it depends on, wires the ports to Postgres and the harness, runs the
 * loop and writes the end. The optimizer service and the command line both call it.
 */

import { z } from "zod";
import { dayOf } from "#lib/budget/amounts.ts";
import { releaseOrphans } from "#lib/budget/close.ts";
import { tellExhausted } from "#lib/budget/tell-exhausted.ts";
import type { Clock } from "#lib/clock.ts";
import { type AgentType, listAgentTypes } from "#lib/db/agent-types.ts";
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import { stopExperiments } from "#lib/db/experiments.ts";
import {
  finishOptimization,
  isStopRequested,
  type Optimization,
  setTrialsDone,
} from "#lib/db/optimizations.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { readStep, writeStep } from "#lib/db/search-records.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { findTrials } from "#lib/db/trials.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import { AppError } from "#lib/errors.ts";
import { type Executor, executorKey } from "#lib/executors/executor.ts";
import { builtInRoster, type ExecutorRoster } from "#lib/executors/roster.ts";
import { builtInSystems } from "#lib/executors/settings.ts";
import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import { failedRuns, getRun } from "#lib/journal/runs.ts";
import { type ModelOptions, rememberingResolver } from "#lib/llm/models.ts";
import { completionModel } from "./adapters/completion-models.ts";
import {
  evidenceFromJournal,
  evidenceFromTrial,
  mineExamples,
} from "./adapters/evidence-from-trials.ts";
import {
  evaluationIdentityOf,
  highestTrialCostUsd,
  type TrialShape,
  trialRequestOf,
} from "./adapters/harness-trials.ts";
import { createKeptCompleter } from "./adapters/kept-completer.ts";
import { createPostgresTrialStore } from "./adapters/postgres-trial-store.ts";
import { createPrismaRunStore, searchPrompt } from "./adapters/prisma-run-store.ts";
import { createStoredEvaluator } from "./adapters/stored-evaluator.ts";
import type { EvidenceRun } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";
import type { AgentProfile, SearchPrompt } from "./ports.ts";
import { runOptimization } from "./run.ts";
import type { RunOutcome } from "./run-contract.ts";

export interface StoredRunContext {
  db: Database;
  pool: TrialPool;
  /** Who runs which agent system; only the built-in ones where absent. */
  executors?: ExecutorRoster;
  models: ModelOptions;
  clock: Clock;
  /** Trials at once; null takes the run's own setting. */
  concurrency?: number | null;
  /** Ends scheduling at once: the process is going down and another one will resume. */
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

const reservationLeaseMs = 15 * 60_000;
const trialTimeoutMs = 10 * 60_000;
const stopPollMs = 1_000;
const journalRunsMax = 200;

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
        : outcome.stopped === "provider-down"
          ? "failed"
          : "finished";
    await inTransaction(db, async (tx) => {
      await finishOptimization(tx, optimization.id, {
        state,
        outcome: outcome.summary,
        failure: state === "failed" ? outcome.summary : null,
        result: resultOf(outcome),
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
  await releaseOrphans(db, optimization.id);
  const { shape, incumbent } = await shapeOf(optimization, context);
  const executor = executorFor(shape.agent.system, context);
  const isForeign = !builtInSystems.includes(shape.agent.system);
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
    const evaluator = createStoredEvaluator({
      store: createPostgresTrialStore(db, {
        optimizationId: optimization.id,
        agentType: shape.agent.name,
        runSeed: config.seed,
        // What a foreign agent spent is spent, whatever model its prompt names.
        billable: isForeign ? !executor.free : !resolve(shape.model).local,
        leaseMs: Math.max(reservationLeaseMs, executor.timeoutMs + 5 * 60_000),
        clock,
      }),
      runTrial: (order, trialId) =>
        executor.run(
          {
            trialId,
            agentType: shape.agent.name,
            request: trialRequestOf(shape, order.prompt, order.benchmark, order.repeat),
          },
          stop.signal,
        ),
      keyOf: (order) => evaluationIdentityOf(shape, order),
      estimateUsd: (prompt, benchmark) =>
        isForeign
          ? executor.free
            ? 0
            : shape.costLimitUsd
          : highestTrialCostUsd(shape, prompt, benchmark, resolve),
      concurrency: context.concurrency ?? config.concurrency,
      isStopRequested: stop.isRequested,
      onProgress: progressWriter(db, optimization.id, context.onProgress),
    });
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
    return await runOptimization(
      {
        config,
        agent: shape.agent,
        incumbent,
        benchmarks,
        journalRuns: await frozenJournalRuns(optimization, db),
        tracesOf: (prompt, measurements) => tracesOf(db, shape, prompt, benchmarks, measurements),
        mineExamples: (ids, traces) => mineExamples(shape.agent, benchmarks, ids, traces),
        experimentId: (kind, generation, promptId) =>
          deterministicUuid(optimization.id, kind, String(generation), promptId),
      },
      {
        evaluator,
        completer,
        store: createPrismaRunStore(db, optimization),
        isOverTime: () => clock.now().getTime() - startedAt > config.budget.wallClockMaxMs,
      },
    );
  } finally {
    stop.close();
  }
}

/** The executor of the system; without a roster there are the built-in ones alone. */
function executorFor(system: string, { pool, executors }: StoredRunContext): Executor {
  return (executors ?? builtInRoster(pool)).forSystem(system);
}

async function shapeOf(
  optimization: Optimization,
  context: StoredRunContext,
): Promise<{ shape: TrialShape; incumbent: SearchPrompt }> {
  const { db } = context;
  const { items } = await listAgentTypes(db);
  const byName = new Map(items.map((agent) => [agent.name, agent]));
  const agent = byName.get(optimization.agentType);
  if (agent === undefined)
    throw new AppError("not-found", `There is no agent type "${optimization.agentType}".`);
  const { config } = optimization;
  const companions: Record<string, SearchPrompt> = {};
  const companionModels: Record<string, string> = {};
  for (const [name, promptId] of Object.entries(optimization.companions)) {
    companions[name] = searchPrompt(await requirePrompt(db, promptId));
    companionModels[name] = config.model ?? byName.get(name)?.defaultModel ?? agent.defaultModel;
  }
  const shape: TrialShape = {
    agent: profileOf(agent),
    executor: executorKey(executorFor(agent.system, context)),
    companions,
    companionModels,
    model: config.model ?? agent.defaultModel,
    runSeed: config.seed,
    timeoutMs: trialTimeoutMs,
    costLimitUsd: config.budget.trialCapUsd,
  };
  return { shape, incumbent: searchPrompt(await requirePrompt(db, optimization.incumbentId)) };
}

/** What the search needs to know of an agent type. */
export function profileOf(agent: AgentType): AgentProfile {
  const { thresholds: _, createdAt: __, ...profile } = agent;
  return profile;
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

const frozenRuns = z.object({ journalRunIds: z.array(z.string()) });

/** The journal's failed runs as they were when this run began: a resumed run learns from the same ones. */
async function frozenJournalRuns(optimization: Optimization, db: Database): Promise<EvidenceRun[]> {
  if (optimization.config.evidence !== "journal") return [];
  const stored = frozenRuns.safeParse(await readStep(db, optimization.id, 0, "observe"));
  if (stored.success) {
    const runs = await Promise.all(stored.data.journalRunIds.map((id) => getRun(db, id)));
    return runs.flatMap((run) => (run === null ? [] : [evidenceFromJournal(run)]));
  }
  const runs = await failedRuns(db, optimization.agentType, journalRunsMax);
  await writeStep(db, optimization.id, 0, "observe", {
    journalRunIds: runs.map((run) => run.runId),
  });
  return runs.map(evidenceFromJournal);
}

/** Asks the database about a stop request about once a second, so that trials need not. */
function watchStop(db: Database, id: string, signal: AbortSignal | undefined) {
  const calledOff = new AbortController();
  const callOff = () => calledOff.abort(new AppError("unavailable", "The trials were stopped."));
  signal?.addEventListener("abort", callOff, { once: true });
  if (signal?.aborted) callOff();
  const timer = setInterval(() => {
    isStopRequested(db, id).then(
      (found) => {
        if (found) callOff();
      },
      // The database is away for a moment: the trial's own write will say so, the next poll asks again.
      () => undefined,
    );
  }, stopPollMs);
  timer.unref();
  return {
    isRequested: () => calledOff.signal.aborted,
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
