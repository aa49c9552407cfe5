import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { CoachVerdict, Insight } from "#lib/domain/insight.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { EvidenceRun } from "./evidence.ts";
import type { BanditArm } from "./loop/bandit.ts";
import type { Finalist } from "./loop/promote.ts";
import type { DroppedChild } from "./loop/race.ts";
import type { RefusedChild } from "./loop/refused-child.ts";
import type { Measurement, StopReason } from "./measurement.ts";
import type {
  AgentProfile,
  Completer,
  Evaluator,
  IndividualRecord,
  RunStore,
  SearchPrompt,
} from "./ports.ts";
import type { JudgeStanding } from "./proof/prove.ts";

/** Everything a run depends on besides its ports: equal input gives an equal outcome. */
export interface RunInput {
  config: OptimizationConfig;
  agent: AgentProfile;
  incumbent: SearchPrompt;
  /** The suite in a stable order, with what is sealed in it. */
  benchmarks: readonly Benchmark[];
  /** What is known of the judges that score the suite; null where none does. */
  judge: JudgeStanding | null;
  /** Production runs to learn from besides the calibration, frozen when the run was created. */
  journalRuns: readonly EvidenceRun[];
  /**
   * What today's prompt did in production on open rows of the suite, newest run of each, frozen as well: rows that need no
   * trial in the learning. Empty unless the run learns from the journal.
   */
  knownOutcomes: readonly Measurement[];
  /** Traces of a prompt's trials, for the hypotheses: what its runs did and why they failed. */
  tracesOf: (prompt: SearchPrompt, measurements: readonly Measurement[]) => Promise<EvidenceRun[]>;
  /** Demonstrations from runs on benchmarks that score no child. */
  mineExamples: (
    benchmarkIds: readonly string[],
    traces: readonly EvidenceRun[],
  ) => FewShotExample[];
  /** Identity of an experiment row as a pure function of its place in the run. */
  experimentId: (
    kind: "calibrate" | "search" | "confirm",
    generation: number,
    promptId: string,
  ) => string;
}

export interface RunPorts {
  evaluator: Evaluator;
  completer: Completer;
  store: RunStore;
  /** Whether the run has used up its time. The only input that is not part of the seed. */
  isOverTime: () => boolean;
}

export interface GenerationReport {
  number: number;
  /** Of the feasible front, see frontHypervolume. */
  hypervolume: number;
  individuals: IndividualRecord[];
  refused: RefusedChild[];
  /** Children that left the race early, with the reason; they are among the individuals, behind all the others. */
  dropped: DroppedChild[];
  /** How the operators shared the slots of this generation; empty for the first one, whose slots are planned. */
  bandit: BanditArm[];
}

/** Why a run ended before its last generation. */
export type EndReason = StopReason | "nothing-to-improve" | "stalled" | "wall-clock";

export interface RunOutcome {
  /** In words: why the run ended and what it leaves. */
  summary: string;
  stopped: EndReason | null;
  incumbentObjectives: Objectives | null;
  insights: Insight[];
  coach: CoachVerdict | null;
  generations: GenerationReport[];
  finalists: Finalist[];
  candidates: Finalist[];
  trials: number;
  /** Sum of all trials that count, whether this run paid for them or found them stored. */
  costUsd: number;
}

/** `{fault}` stands for what a provider or grader said. */
const endWords: Readonly<Record<EndReason, string>> = {
  "day-cap":
    "The day's budget is reached: nothing more is scheduled, everything measured so far is kept.",
  "run-cap":
    "The run's budget is reached: nothing more is scheduled, everything measured so far is kept.",
  stopped: "Stopped on request; everything measured so far is kept.",
  "provider-down":
    "The provider failed most trials and seems to be down.{fault} Start again when it answers, with another seed: what was measured is kept.",
  "grader-down":
    "The grader failed on most answers.{fault} The run ended early, and nothing in it counts against a prompt. Fix the grader, then start again with another seed.",
  "nothing-to-improve":
    "No benchmark failed in most of its calibration runs: there is nothing to improve.",
  stalled: "The front stopped growing before the last generation.",
  "calls-spent":
    "The budget of calls is used up: nothing more is scheduled, everything measured so far is kept.",
  "money-kept": "The search ended early, to keep enough of the run's budget for the proof.",
  "wall-clock": "The run's time was up before the last generation.",
};

const provesAnyway: ReadonlySet<EndReason> = new Set([
  "stalled",
  "wall-clock",
  "money-kept",
  "calls-spent",
]);

/** True when a run that ended so has nothing to confirm. */
export function endsWithoutVerdict(stopped: EndReason | null): boolean {
  return stopped !== null && !provesAnyway.has(stopped);
}

/** The outcome in words, for people. */
export function summaryOf(outcome: {
  stopped: EndReason | null;
  /** Prompts that went to the proof without a search; 0 in a search. */
  proves: number;
  generations: number;
  finalists: number;
  candidates: number;
  /** What failed, in its own words, where that is why the run ended. */
  fault: string | null;
}): string {
  const { stopped, proves, generations, finalists, candidates, fault } = outcome;
  const said = fault === null ? "" : ` It said: ${fault}`;
  const end = stopped === null ? "" : `${endWords[stopped].split("{fault}").join(said)} `;
  if (proves > 0) {
    const what = `${end}Proof of ${proves} prompt${proves === 1 ? "" : "s"}:`;
    if (finalists === 0) return `${what} no verdict was reached.`;
    return candidates === 0
      ? `${what} none was confirmed better, and the incumbent stays.`
      : `${what} ${candidates} ${candidates === 1 ? "waits" : "wait"} for review.`;
  }
  if (endsWithoutVerdict(stopped)) return `${end}Populations evaluated: ${generations}.`;
  const verdict =
    candidates === 0
      ? `None of ${finalists} finalists was confirmed better; the incumbent stays.`
      : `${candidates} of ${finalists} finalists ${candidates === 1 ? "waits" : "wait"} for review.`;
  return `${end}${generations} populations evaluated. ${verdict}`;
}
