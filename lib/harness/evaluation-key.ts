import { contentHash } from "../content-hash.ts";

/** Everything the result of a trial depends on. */
export interface EvaluationIdentity {
  promptHash: string;
  /** Content hashes of the system's other prompts, by agent type. */
  otherPromptHashes: Readonly<Record<string, string>>;
  benchmarkHash: string;
  repeat: number;
  /** Executor with its version: `built-in@1`. */
  executor: string;
  /** Model id of each agent, by agent type. */
  models: Readonly<Record<string, string>>;
  graderVersion: string;
  runSeed: number;
  /** A trial that would cost more ends as failed. */
  costLimitUsd: number;
}

/** Versions of what the built-in executor and the graders do: raised when their results may change. */
export const builtInExecutor = "built-in@1";
export const graderVersion = "graders@1";

/** The key a trial is stored under: equal identities share one trial, and the repeat keeps luck apart. */
export function evaluationKey(identity: EvaluationIdentity): string {
  return contentHash(identity);
}
