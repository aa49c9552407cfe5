/**
 * The Temporal engine: trials go out in blocks to the workflow of their experiment, and what they came to is read from
 * Postgres. A block is named after its trials, so that a repeated request, from this process or the one that follows it,
 * finds the first. While Temporal is away, requests wait and say so.
 */
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from "@temporalio/client";
import type { Workflow } from "@temporalio/common";
import { contentHash } from "../content-hash.ts";
import type { Database } from "../db/client.ts";
import { getOptimization } from "../db/optimizations.ts";
import { findTrials, type StoredTrial } from "../db/trials.ts";
import { AppError } from "../errors.ts";
import { evaluationKey } from "../harness/evaluation-key.ts";
import { pause } from "../pause.ts";
import {
  type Block,
  type BlockResult,
  blockBytesMax,
  type ExperimentInput,
  experimentWorkflow,
  experimentWorkflowId,
  finishSignal,
  runBlockUpdate,
  trialsPerBlockMax,
} from "../temporal/experiment-contract.ts";
import {
  agentTypeAttribute,
  optimizationAttribute,
  promptAttribute,
  statusAttribute,
} from "../temporal/search-attributes.ts";
import { groupTrials } from "../temporal/trial-groups.ts";
import type { Evaluator, Refusal, TrialAnswer, TrialOrder } from "./contract.ts";
import {
  lookAtServer,
  lookAtWorkers,
  reasonToWait,
  serverId,
  Waiting,
  workersId,
} from "./temporal-waiting.ts";
import { evaluationIdentityOf, type TrialShape } from "./trial-shape.ts";

export interface TemporalEvaluatorOptions {
  db: Database;
  client: Client;
  optimizationId: string;
  shape: TrialShape;
  /** Queue of the workflows, and of the trials of this shape's model. */
  queues: { workflows: string; trials: string };
  /** Trials at once, over all workers. */
  concurrency: number;
  /** The trials' queue is held to a rate. */
  isRated?: boolean;
  /** Somebody asked to stop: the workflows are cancelled. */
  isStopRequested: () => boolean;
  /** This process goes down: the workflows go on, and the next process finds them. */
  signal: AbortSignal;
  onProgress?: (done: number) => void;
  /** Told when requests begin to wait for Temporal, with the reason, and null when it is back. */
  onWaiting?: (reason: string | null) => void;
}

export interface TemporalEvaluator extends Evaluator {
  /** Tells the experiments' workflows that nothing more will be asked of them. */
  finish(): Promise<void>;
}

interface Work {
  key: string;
  order: TrialOrder;
}

const idleMs = 10 * 60_000;
const stopPollMs = 250;
const progressMs = 500;
const callTimeoutMs = 10_000;
const workersEveryMs = 5_000;
const retryMs = [250, 500, 1_000, 2_000] as const;

export function createTemporalEvaluator(options: TemporalEvaluatorOptions): TemporalEvaluator {
  const { db, shape, onProgress } = options;
  const keyOf = (order: TrialOrder) => evaluationKey(evaluationIdentityOf(shape, order));
  const started = new Set<string>();
  const waiting = new Waiting(options.onWaiting);
  let doneBefore = 0;
  return {
    evaluate: async (orders, { spendMaxUsd } = { spendMaxUsd: Number.POSITIVE_INFINITY }) => {
      const keys = orders.map(keyOf);
      const before = await findTrials(db, [...new Set(keys)]);
      // All of them, whatever is stored: a repeated request must carry the name of the first.
      const work = new Map<string, Work>();
      for (const [index, order] of orders.entries()) {
        const key = keys[index];
        if (key !== undefined) work.set(key, { key, order });
      }
      const limitUsd = await absoluteLimit(options, spendMaxUsd, before);
      const counted = keys.filter((key) => before.has(key)).length;
      onProgress?.(doneBefore + counted);
      // Read while the workers run, so that little is left to read at the end.
      const after = new Map<string, StoredTrial>();
      const readStored = async () => {
        const missing = [...work.keys()].filter((key) => !before.has(key) && !after.has(key));
        for (const [key, trial] of await findTrials(db, missing)) after.set(key, trial);
      };
      let workersSeenAt = Date.now();
      const refusals = await withProgress(
        () => runBlocks([...work.values()], before, limitUsd, options, started, waiting),
        async () => {
          await lookAtServer(options.client, waiting);
          if (Date.now() - workersSeenAt >= workersEveryMs) {
            workersSeenAt = Date.now();
            await lookAtWorkers({ ...options, experimentIds: [...started] }, waiting);
          }
          await readStored();
          onProgress?.(doneBefore + counted + after.size);
        },
      );
      await readStored();
      doneBefore += counted + after.size;
      onProgress?.(doneBefore);
      return keys.map((key): TrialAnswer => {
        const old = before.get(key);
        if (old !== undefined) return { state: "done", result: old.result, replayed: true };
        const own = after.get(key);
        if (own !== undefined) return { state: "done", result: own.result, replayed: false };
        return { state: "refused", reason: refusals.get(key) ?? "stopped" };
      });
    },
    finish: async () => {
      // Another process goes on with what this one leaves.
      const ids = options.signal.aborted ? [] : [...started];
      await options.client.withDeadline(Date.now() + callTimeoutMs, () =>
        Promise.all(
          ids.map((id) =>
            options.client.workflow
              .getHandle(experimentWorkflowId(id))
              .signal(finishSignal)
              // It ended by itself, or will when nothing is asked of it for a while.
              .catch(() => undefined),
          ),
        ),
      );
      started.clear();
    },
  };
}

/** Runs the work, experiment by experiment at once, and answers why trials were refused, by key. */
async function runBlocks(
  work: readonly Work[],
  stored: ReadonlyMap<string, unknown>,
  limitUsd: number | null,
  options: TemporalEvaluatorOptions,
  started: Set<string>,
  waiting: Waiting,
): Promise<Map<string, Refusal>> {
  const refusals = new Map<string, Refusal>();
  const byExperiment = new Map<string, Work[]>();
  for (const one of work) {
    const { experimentId } = one.order;
    byExperiment.set(experimentId, [...(byExperiment.get(experimentId) ?? []), one]);
  }
  await Promise.all(
    [...byExperiment].map(async ([experimentId, own]) => {
      if (own.every(({ key }) => stored.has(key))) return;
      started.add(experimentId);
      for (let from = 0; from < own.length; from += trialsPerBlockMax) {
        const part = own.slice(from, from + trialsPerBlockMax);
        const share = Math.max(1, Math.round((options.concurrency * own.length) / work.length));
        const block = blockOf(part, share, limitUsd, options);
        const result = await request(experimentId, block, options, waiting);
        if (result.refused === null) continue;
        for (const { key } of own) refusals.set(key, result.refused);
        return;
      }
    }),
  );
  waiting.end(serverId);
  waiting.end(workersId);
  return refusals;
}

/** Throws AppError("invalid") for what is too large to send. */
function blockOf(
  work: readonly Work[],
  concurrency: number,
  limitUsd: number | null,
  { shape: { executor }, isRated = false }: TemporalEvaluatorOptions,
): Block {
  const groups = groupTrials(
    work.map(({ order: { prompt, arm, repeat, benchmark } }) => ({
      prompt_id: prompt.id,
      arm,
      repeat,
      benchmark_id: benchmark.id,
    })),
  );
  const block = {
    block_id: contentHash(work.map(({ key }) => key)).slice(0, 32),
    groups,
    concurrency,
    ...(isRated ? { one_by_one: true } : {}),
    run_limit_usd: limitUsd,
    executor,
  };
  const bytes = JSON.stringify(block).length;
  if (bytes > blockBytesMax)
    throw new AppError(
      "invalid",
      `A block of ${work.length} trials takes ${bytes} bytes, more than the ${blockBytesMax} that are sent to Temporal at once: use fewer benchmarks or repeats.`,
    );
  return block;
}

/** Asks until there is an answer; what is away for a moment is waited for, as long as nobody asks to stop. */
async function request(
  experimentId: string,
  block: Block,
  options: TemporalEvaluatorOptions,
  waiting: Waiting,
): Promise<BlockResult> {
  for (let attempt = 0; ; attempt++) {
    if (options.signal.aborted) return { done: 0, refused: "stopped" };
    if (options.isStopRequested()) return { done: 0, refused: "stopped" };
    try {
      const result = await requestOnce(experimentId, block, options, () =>
        waiting.end(experimentId),
      );
      waiting.end(experimentId);
      return result;
    } catch (error) {
      const reason = reasonToWait(error);
      if (reason === null) throw failureOf(error);
      waiting.begin(experimentId, reason);
      await pause(retryMs[attempt] ?? retryMs.at(-1) ?? 0, options.signal);
    }
  }
}

/** One request; a stop cancels the workflow, whose answer is then the truth. */
async function requestOnce(
  experimentId: string,
  block: Block,
  options: TemporalEvaluatorOptions,
  accepted: () => void,
): Promise<BlockResult> {
  const { client, queues, shape, optimizationId, signal } = options;
  const workflowId = experimentWorkflowId(experimentId);
  const input: ExperimentInput = {
    experiment_id: experimentId,
    optimization_id: optimizationId,
    trial_queue: queues.trials,
    done: 0,
    blocks: 0,
    idle_ms: idleMs,
  };
  const promptId = block.groups[0]?.prompt_id ?? "";
  const handle = await client.withDeadline(Date.now() + callTimeoutMs, () =>
    client.workflow.startUpdateWithStart<Workflow, BlockResult, [Block]>(runBlockUpdate, {
      args: [block],
      updateId: block.block_id,
      waitForStage: "ACCEPTED",
      startWorkflowOperation: new WithStartWorkflowOperation(experimentWorkflow, {
        workflowId,
        taskQueue: queues.workflows,
        args: [input],
        workflowIdConflictPolicy: "USE_EXISTING",
        workflowIdReusePolicy: "ALLOW_DUPLICATE",
        workflowExecutionTimeout: "7 days",
        typedSearchAttributes: [
          { key: agentTypeAttribute, value: shape.agent.name },
          { key: promptAttribute, value: promptId },
          { key: optimizationAttribute, value: optimizationId },
          { key: statusAttribute, value: "running" },
        ],
      }),
    }),
  );
  accepted();
  const watch = setInterval(() => {
    if (!options.isStopRequested() || signal.aborted) return;
    clearInterval(watch);
    client.workflow
      .getHandle(workflowId)
      .cancel()
      // It ended meanwhile, or the server is away: the workers look at the request to stop themselves.
      .catch(() => undefined);
  }, stopPollMs);
  let leave: () => void = () => undefined;
  const gone = new Promise<BlockResult>((resolve) => {
    leave = () => resolve({ done: 0, refused: "stopped" });
  });
  signal.addEventListener("abort", leave);
  try {
    // Called off too: an answer that is still waited for when the connection closes is an error nobody can catch.
    const answer = client.withAbortSignal(signal, () => handle.result());
    return await Promise.race([answer, gone]);
  } finally {
    clearInterval(watch);
    signal.removeEventListener("abort", leave);
  }
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof WorkflowUpdateFailedError) && !(error instanceof WorkflowFailedError))
    return error;
  let cause: unknown = error.cause;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  const words = cause instanceof Error ? cause.message : error.message;
  return new AppError("invalid", `An experiment failed on Temporal: ${words}`, { cause: error });
}

/** The caller's limit is for these orders; the run's own spending tells what that is in all. */
async function absoluteLimit(
  { db, optimizationId }: TemporalEvaluatorOptions,
  spendMaxUsd: number,
  before: ReadonlyMap<string, { result: { costUsd: number } }>,
): Promise<number | null> {
  if (!Number.isFinite(spendMaxUsd)) return null;
  const run = await getOptimization(db, optimizationId);
  const known = [...before.values()].reduce((sum, { result }) => sum + result.costUsd, 0);
  return Math.max(0, (run?.spentUsd ?? 0) + spendMaxUsd - known);
}

/** Looks at the progress now and then while the work goes on. */
async function withProgress<T>(work: () => Promise<T>, look: () => Promise<void>): Promise<T> {
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // Progress is for eyes only; the next look mends a lost one.
    look()
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }, progressMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
