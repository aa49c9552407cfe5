/** What an engine is asked and what it answers. The search, the workers and the command line all speak in these terms. */
import type { Benchmark } from "../domain/benchmark.ts";
import type { ParameterBounds, RepeatBehaviour } from "../domain/optimization.ts";
import type { PromptGenome } from "../domain/prompt.ts";
import type { Arm, TrialResult } from "../domain/trial.ts";

/** What the search must know of the agent type whose prompt it evolves. */
export interface AgentProfile {
  name: string;
  /** Agent system, which says who runs it: docs/executors.md. */
  system: string;
  suite: string;
  description: string;
  requiredVariables: string[];
  protectedTexts: string[];
  allowedTools: string[];
  defaultModel: string;
  parameterBounds: ParameterBounds;
  /** Whether equal requests can be answered differently, where its owner declared it; null lets a run probe it. */
  repeats: RepeatBehaviour | null;
  /** Largest drop of success, as a share of 1, at which a cheaper prompt counts as equal. */
  nonInferiorityMargin: number;
}

/** A prompt of the search: registered, so it has an identity and a content hash. */
export interface SearchPrompt {
  id: string;
  version: string;
  contentHash: string;
  genome: PromptGenome;
}

/** One trial asked for: one prompt on one benchmark in one repeat. */
export interface TrialOrder {
  prompt: SearchPrompt;
  benchmark: Benchmark;
  repeat: number;
  arm: Arm;
  experimentId: string;
}

export const refusals = [
  "day-cap",
  "run-cap",
  "stopped",
  "money-kept",
  "calls-spent",
  "grader-down",
] as const;
export type Refusal = (typeof refusals)[number];

/** Expected failure as data: the trial was not run because money ran out, nothing can be graded, or somebody asked to stop. */
export type TrialAnswer =
  | { state: "done"; result: TrialResult; replayed: boolean }
  | { state: "refused"; reason: Refusal };

/** Runs trials. Answers come back in the order of the orders, whatever order the work finished in. */
export interface Evaluator {
  /** With `spendMaxUsd`, refuses as "money-kept" what could take these orders together past that amount. */
  evaluate(orders: readonly TrialOrder[], limits?: { spendMaxUsd: number }): Promise<TrialAnswer[]>;
}
