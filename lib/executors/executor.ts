/** The port behind which every agent system runs: ours, or anybody's in any language. */
import type { Failure, ProviderFault, TrialResult } from "#lib/domain/trial.ts";
import type { TrialRequest } from "#lib/harness/trial-request.ts";

/** One trial for an executor. */
export interface ExecutorTask {
  /** The evaluation key: the same for every attempt, so that an executor can tell a repetition. */
  trialId: string;
  /** The agent whose prompt is being measured. */
  agentType: string;
  request: TrialRequest;
  /** Told what came back before it is read, for those who look into one trial. */
  onReply?: (reply: Reply) => void;
  /** Ends pauses between attempts at a call of a model; calls under way go on. */
  hurry?: AbortSignal;
}

export interface Executor {
  name: string;
  version: string;
  /** Nothing it does costs money: its trials are not reserved and need no price. */
  free: boolean;
  /** The longest that one trial may take, in milliseconds. */
  timeoutMs: number;
  /**
   * Runs one trial. What the agent does wrong is a failed result; throws only AppError("unavailable") or the signal's
   * reason when `signal` calls the trial off.
   */
  run(task: ExecutorTask, signal: AbortSignal): Promise<TrialResult>;
  /** What the operator must mend before it can run, in words; empty when nothing is known to be wrong. */
  check(): string[];
}

/** As it stands in evaluation keys: another version is another result. */
export function executorKey({ name, version }: Pick<Executor, "name" | "version">): string {
  return `${name}@${version}`;
}

/** What came back of a foreign agent: its text, or why there is none. */
export type Reply =
  | { ok: true; text: string }
  | {
      ok: false;
      errorClass: Failure["errorClass"];
      /** Short and without figures that change: equal causes are grouped by it. */
      cause: string;
      message: string;
      /** True where the agent may have worked, so that its cost is not known. */
      mayHaveCost: boolean;
      /** There where the agent was away or turned us away, whatever the prompt. */
      fault?: ProviderFault;
    };
