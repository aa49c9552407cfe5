import type { ExperimentKind, Verdict } from "#lib/domain/experiment.ts";
import type { Insight } from "#lib/domain/insight.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { PromptGenome, PromptOperator } from "#lib/domain/prompt.ts";
import type { SearchPrompt } from "#lib/engine/contract.ts";

export type {
  AgentProfile,
  Evaluator,
  SearchPrompt,
  TrialAnswer,
  TrialOrder,
} from "#lib/engine/contract.ts";

export interface CompletionRequest {
  role: "proposer" | "sanity" | "judge";
  system: string;
  user: string;
  seed: number;
  temperature: number;
  maxOutputTokens: number;
}

/** Thrown by a completer when a cap refuses the call: it ends the mutation that asked, and the search with it. */
export class SpendingRefused extends Error {
  readonly reason: "day-cap" | "run-cap";

  constructor(reason: "day-cap" | "run-cap") {
    super(`the ${reason === "day-cap" ? "day's" : "run's"} budget is reached`);
    this.name = "SpendingRefused";
    this.reason = reason;
  }
}

/** Text completions by the proposer's models: replies are kept, so a replay spends nothing. */
export interface Completer {
  /** The reply and what it was billed in USD when it was first made, where that is known. */
  complete(request: CompletionRequest): Promise<{ text: string; costUsd?: number }>;
}

export interface NewPrompt {
  genome: PromptGenome;
  operator: PromptOperator;
  operatorArguments: Record<string, unknown>;
  parentIds: string[];
  message: string;
  generation: number;
}

export type Registration =
  | { state: "registered"; prompt: SearchPrompt; created: boolean }
  | { state: "refused"; reason: string };

export interface ExperimentRecord {
  id: string;
  kind: ExperimentKind;
  generation: number | null;
  promptId: string;
  baselinePromptId: string | null;
  benchmarkIds: string[];
  controlIds: string[];
  /** Of a proof: benchmarks that are sealed from search, proposer and examples. */
  sealedIds?: string[];
  repeats: number;
  repeatOffset: number;
}

/** A proof's place in the ledger of its incumbent. */
export interface OpenedProof {
  /** From 1: which proof against this incumbent it is. */
  ordinal: number;
  /** Share of the error budget that it may spend. */
  alpha: number;
  /** How many earlier proofs opened each group. */
  uses: ReadonlyMap<string, number>;
}

export interface IndividualRecord {
  promptId: string;
  objectives: Objectives;
  trials: number;
  successes: number;
  constraintViolation: number;
  rank: number;
  /** Infinity at the ends of a front. */
  crowdingDistance: number;
  survived: boolean;
}

/**
 * Where a run keeps what it did. Each write is idempotent: a resumed run repeats it and changes nothing. The step
 * outputs make a killed run go on at the step it was in.
 */
export interface RunStore {
  readStep(generation: number, step: string): Promise<unknown | null>;
  writeStep(generation: number, step: string, output: unknown): Promise<void>;
  registerPrompt(prompt: NewPrompt): Promise<Registration>;
  loadPrompts(ids: readonly string[]): Promise<SearchPrompt[]>;
  /**
   * Prompts of this agent type that runs measured which had ended when this one was created, newest first, at most a
   * few hundred. Runs that this one repeats do not count: a repetition must go the same way.
   */
  measuredBefore(): Promise<SearchPrompt[]>;
  markExperimental(promptIds: readonly string[]): Promise<void>;
  startExperiment(experiment: ExperimentRecord): Promise<void>;
  finishExperiment(
    id: string,
    results: Record<string, unknown>,
    verdict: Verdict | null,
  ): Promise<void>;
  writeGeneration(
    number: number,
    hypervolume: number,
    individuals: readonly IndividualRecord[],
  ): Promise<void>;
  writeInsights(insights: readonly Insight[]): Promise<void>;
  /**
   * Enters a proof against this incumbent into the ledger, before any sealed row is opened: what it may spend depends on
   * the proofs before it. A resumed run gets the entry it made.
   */
  openProof(incumbentId: string): Promise<OpenedProof>;
  /** Writes what the proof opened and whether it claimed anything; once. */
  closeProof(
    incumbentId: string,
    result: { groups: readonly string[]; claimed: boolean },
  ): Promise<void>;
  /** Puts prompts that won into the review queue. */
  nominate(
    candidates: readonly { promptId: string; experimentId: string; verdict: Verdict }[],
  ): Promise<void>;
  /**
   * Takes prompts out of the review queue that a newer proof did not confirm: what they waited on no longer holds. Prompts
   * that do not wait there stay what they are.
   */
  withdraw(
    unproven: readonly { promptId: string; experimentId: string; verdict: Verdict }[],
  ): Promise<void>;
  reportProgress(progress: {
    step: string;
    generation: number;
    trialsPlanned: number;
  }): Promise<void>;
  isStopRequested(): Promise<boolean>;
}
