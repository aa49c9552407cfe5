import type { PromptGenome, PromptOperator } from "#lib/domain/prompt.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { Draws } from "#lib/random.ts";
import type { EvidenceRun, FailureCluster } from "../evidence.ts";
import type { AgentProfile, Completer } from "../ports.ts";

/** A parent as an operator sees it. */
export interface ParentPrompt {
  id: string;
  genome: PromptGenome;
  /** Pass rate per benchmark id, 0..1, of the trials so far, discounted towards the incumbent's while they are few. */
  passRates: ReadonlyMap<string, number>;
}

/** Everything an operator may look at besides its parents. */
export interface OperatorContext {
  agent: AgentProfile;
  /** Draws of this slot only: a pure function of (seed, generation, slot, purpose). */
  draws: Draws;
  /** Seed for the models' own sampling in this slot. */
  modelSeed: number;
  completer: Completer;
  /** Today's prompt. */
  incumbent: PromptGenome;
  /** Failure clusters, worst first; the slot works on one of them. */
  clusters: readonly FailureCluster[];
  cluster: FailureCluster | null;
  /** Runs that succeeded: what must keep working, and what tools are good for. */
  passing: readonly EvidenceRun[];
  /** The failures of all clusters in words, for the meta-prompt. */
  failureSummary: string;
  /** Section the coach wants worked on, or null. */
  section: string | null;
  /** Edits that were refused or lost before, in one line each. */
  rejected: readonly string[];
  /** Whether the child is to be cheaper, not better. */
  isToBeCheaper?: boolean;
  /** Demonstrations mined from good runs, on benchmarks that score no child. */
  examples: readonly FewShotExample[];
}

export interface Offspring {
  genome: PromptGenome;
  operator: PromptOperator;
  operatorArguments: Record<string, unknown>;
  parentIds: string[];
  /** One line for people: what was changed and why. */
  message: string;
}

/** Children, or the reason why there are none: an operator that cannot apply is no error. */
export type OperatorOutcome =
  | { state: "made"; offspring: Offspring[] }
  | { state: "skipped"; reason: string };

/** Makes children from one or two parents. */
export interface Operator {
  name: PromptOperator;
  parents: 1 | 2;
  apply(parents: readonly ParentPrompt[], context: OperatorContext): Promise<OperatorOutcome>;
}

export function skipped(reason: string): OperatorOutcome {
  return { state: "skipped", reason };
}

/** One child of one parent. */
export function oneChild(
  operator: PromptOperator,
  parent: ParentPrompt,
  change: Partial<PromptGenome>,
  { message, ...operatorArguments }: { message: string } & Record<string, unknown>,
): OperatorOutcome {
  const genome = { ...parent.genome, ...change };
  return {
    state: "made",
    offspring: [{ genome, operator, operatorArguments, parentIds: [parent.id], message }],
  };
}
