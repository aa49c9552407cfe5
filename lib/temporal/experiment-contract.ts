/**
 * What the optimizer and the workers tell each other about experiments. Payloads carry ids and counts: prompts, results
 * and money stay in Postgres. Names and fields are kept as they are: workflows of the past carry them.
 */

export const experimentWorkflow = "RunExperimentWorkflow";
export const runBlockUpdate = "runBlock";
export const finishSignal = "finish";
export const progressQuery = "progress";

/** The one workflow of an experiment: a repeated start finds it. */
export function experimentWorkflowId(experimentId: string): string {
  return `experiment-${experimentId}`;
}

/** Trials of one prompt in one arm and one repeat. */
export interface TrialGroup {
  prompt_id: string;
  arm: "candidate" | "baseline";
  repeat: number;
  benchmark_ids: string[];
}

export interface ExperimentInput {
  experiment_id: string;
  optimization_id: string;
  /** Queue of the trials: that of the model's provider. */
  trial_queue: string;
  /** Told by the run before this one of the same experiment. */
  done: number;
  blocks: number;
  /** Ends without work after this long. */
  idle_ms: number;
  /** Events after which the history is begun anew. */
  history_events_max?: number;
}

/** Trials that are handed over together, as racing asks for them. */
export interface Block {
  block_id: string;
  groups: TrialGroup[];
  /** Trials at once, over all workers. */
  concurrency: number;
  /** One trial an activity, for a queue whose rate is limited: the limit is of activities. */
  one_by_one?: boolean;
  /** The most in USD that the run may have spent and set aside; null for its cap alone. */
  run_limit_usd: number | null;
  /** Executor with its version that the trials are keyed by. */
  executor: string;
}

export type BlockRefusal = "day-cap" | "run-cap" | "money-kept" | "stopped" | "grader-down";

/** Counts of a block; the results stand in Postgres under their evaluation keys. */
export interface BlockResult {
  done: number;
  refused: BlockRefusal | null;
}

export interface ExperimentProgress {
  trials: number;
  done: number;
  blocks: number;
  status: "waiting" | "running" | "stopped" | "finished";
}

export interface ChunkInput {
  experiment_id: string;
  optimization_id: string;
  groups: TrialGroup[];
  /** Trials at once within the activity. */
  width: number;
  run_limit_usd: number | null;
  executor: string;
}

export interface ChunkResult {
  done: number;
  /** Trials left when the activity gave its slot back early; they go out again. */
  left: TrialGroup[];
  refused: BlockRefusal | null;
}

/** Served on the queue of a model's provider. */
export interface TrialActivities {
  BatchExecuteBenchmarks(input: ChunkInput): Promise<ChunkResult>;
}

/** Served on the queue of the workflows. */
export interface ExperimentActivities {
  mark_stopped(input: { experiment_id: string }): Promise<void>;
}

/** Limits at the edge: a block beyond them is refused before it is sent. */
export const trialsPerBlockMax = 2_000;
export const blockBytesMax = 1_000_000;

/** Failures that trying again does not cure. */
export const finalFailure = "Invalid";
