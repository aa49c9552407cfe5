import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { SearchPrompt } from "../ports.ts";
import type { Scoreboard } from "../scoreboard.ts";
import type { Aim } from "./aim.ts";
import type { SearchSizes } from "./search-sizes.ts";
import type { TrialBudget } from "./trial-budget.ts";

/** A child of this generation. */
export interface ExperimentChild {
  prompt: SearchPrompt;
  aim: Aim;
  parentIds: readonly string[];
}

/** What one generation's experiment works on. */
export interface ExperimentInput {
  generation: number;
  incumbent: SearchPrompt;
  children: readonly ExperimentChild[];
  /** The population that the children compete with. */
  populationIds: readonly string[];
  /** Takes every rung's trials once all of them are done. */
  board: Scoreboard;
  sizes: SearchSizes;
  /** Rows that score prompts, in the one order of the run. */
  rows: readonly Benchmark[];
  repeatsDiffer: boolean;
  repeatOffset: number;
  budget: TrialBudget;
  /** Trials that are kept for what comes after the last generation. */
  trialsKept: number;
  /** The most that this generation may spend in USD: the rest of the cap belongs to the proof of the finalists. */
  spendMaxUsd: number;
  /** Identity of an experiment row: a pure function of the run, the generation and the prompt. */
  experimentId: (generation: number, promptId: string) => string;
}
