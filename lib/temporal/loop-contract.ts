/** What the optimization loop is called by and told; field names as they stand on the wire. Importable by workflows. */

/** One loop for each agent type, found by this id. */
export function loopId(agentType: string): string {
  return `optimization-loop-${agentType}`;
}

export const loopWorkflow = "OptimizationLoopWorkflow";
export const requestWorkflow = "RequestGenerationWorkflow";

export const loopSignals = {
  startGeneration: "startGeneration",
  pause: "pause",
  resume: "resume",
  stop: "stop",
} as const;
export const loopStateQuery = "state";

/** A wish for one generation of the agent type: one optimization, from its queue to its end. */
export interface GenerationRequest {
  /** The same id is one wish, however often it is signalled. */
  request_id: string;
  /** `schedule`, `observer`, `person:name`. */
  requested_by: string;
  /** An optimization that is queued already, to follow; null lets the loop queue one. */
  optimization_id: string | null;
}

export interface LoopInput {
  agent_type: string;
  /** Handed on when the history is begun anew. */
  carried?: LoopCarried;
  /** Events after which the history is begun anew. */
  history_events_max?: number;
}

export interface LoopCarried {
  waiting: GenerationRequest[];
  /** Ids of the newest requests, so that a late repetition stays one. */
  seen: string[];
  paused: boolean;
  counts: LoopCounts;
  last: GenerationEnd | null;
}

export interface LoopCounts {
  finished: number;
  /** Requests whose id was known. */
  repeated: number;
  /** Requests beyond what may wait, and generations that could not be started. */
  refused: number;
}

export interface GenerationEnd {
  request_id: string;
  optimization_id: string | null;
  /** The optimization's own state at its end; `refused` when it never was one. */
  state: "finished" | "stopped" | "failed" | "refused";
  /** Why it was refused. */
  reason: string | null;
  trials_done: number;
}

export interface LoopState {
  agent_type: string;
  paused: boolean;
  stopping: boolean;
  current: { request_id: string; optimization_id: string | null } | null;
  waiting: number;
  counts: LoopCounts;
  last: GenerationEnd | null;
}

/** Activities of the loop, on the workflow queue. */
export interface LoopActivities {
  start_generation(input: {
    agent_type: string;
    request: GenerationRequest;
  }): Promise<{ optimization_id: string }>;
  follow_generation(input: {
    optimization_id: string;
  }): Promise<{ state: "finished" | "stopped" | "failed"; trials_done: number }>;
  stop_generation(input: { optimization_id: string }): Promise<void>;
  request_generation(input: { agent_type: string; request: GenerationRequest }): Promise<void>;
}

/** A loop takes no more wishes than this; a storm of others is counted and refused. */
export const waitingMax = 100;
export const seenMax = 400;
