import { contentHash } from "../content-hash.ts";
import type { Grader } from "../domain/grader.ts";
import { canonicalModelId } from "../llm/models.ts";

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

/** Version of what the built-in executor does: raised when its results may change. */
export const builtInExecutor = "built-in@1";

/**
 * Versions of what graders do, raised one by one when their results may change; what a benchmark says to its grader is
 * in the benchmark's own hash. The first kinds share the version that their stored trials are known by.
 */
const first = "graders@1";
const graderVersions = {
  exact: first,
  label: first,
  contains: first,
  numeric: first,
  workbench: first,
  regex: "regex@1",
  "json-path": "json-path@1",
  "json-schema": "json-schema@1",
  levenshtein: "levenshtein@1",
} as const;

/** The grader as a part of the evaluation key: a judge with its model and prompt, a command with its operator's version. */
export function graderVersionOf(grader: Grader): string {
  switch (grader.kind) {
    case "combined":
      return `combined@1(${grader.graders.map((part) => graderVersionOf(part.grader)).join(",")})`;
    case "judge":
      return `judge@1:${canonicalModelId(grader.model)}:prompt-${grader.promptVersion}`;
    case "command":
      return `command@1:${grader.command}`;
    default:
      return graderVersions[grader.kind];
  }
}

/** The key a trial is stored under: equal identities share one trial, and the repeat keeps luck apart. */
export function evaluationKey(identity: EvaluationIdentity): string {
  return contentHash(identity);
}
