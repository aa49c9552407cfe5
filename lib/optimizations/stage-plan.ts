/**
 * From a budget of calls to the sizes of all stages of a run: learning, race, proof, guards. One pure function, so that
 * preview, command line, API and the run itself agree. A call is one trial: one run of the agent system on one benchmark.
 */
import type { Benchmark } from "../domain/benchmark.ts";
import type { OptimizationConfig, RepeatBehaviour } from "../domain/optimization.ts";

/** What the plan must know of a suite; groups are benchmarks with different inputs. */
export interface SuiteFacts {
  /** Groups that search and regression run may use. */
  learningGroups: number;
  /** Groups that only the proof may use. */
  sealedGroups: number;
}

/** What the stage plan must know of a suite. */
export function suiteFacts(benchmarks: readonly Pick<Benchmark, "group" | "sealed">[]): SuiteFacts {
  const sealed = new Map(benchmarks.map((benchmark) => [benchmark.group, benchmark.sealed]));
  const sealedGroups = [...sealed.values()].filter(Boolean).length;
  return { learningGroups: sealed.size - sealedGroups, sealedGroups };
}

export interface StagePlan {
  calls: number;
  /** `unknown` until the probe has run; it is planned as if repeats differed. */
  repeats: RepeatBehaviour | "unknown";
  /** Benchmarks that run twice to see whether repeats differ. Their first runs are part of the learning. */
  probe: { rows: number; trials: number };
  /** Today's prompt on benchmarks that are not sealed, and again on those that may become controls. */
  learning: {
    rows: number;
    repeats: number;
    controlRows: number;
    controlRepeats: number;
    trials: number;
  };
  /** Children against each other and today's prompt; what the other stages leave. */
  race: { trials: number };
  /** Finalists against today's prompt on sealed benchmarks. */
  proof: { rows: number; repeats: number; finalists: number; looks: number; trials: number };
  /** The regression run of every finalist on failing targets and passing controls. */
  guards: {
    targets: number;
    controls: number;
    /** Runs of a finalist that a control may get until it is decided. */
    controlRunsMax: number;
    trials: number;
  };
}

/** Fewer sealed groups than these prove nothing. */
export const provableGroupsMin = 20;
/** Up to this budget one prompt goes to the proof: a second one would take the rows that prove the first. */
export const oneFinalistCallsMax = 600;

const probeRows = 8;
const finalistsMost = 3;
const targetsMost = 20;
const controlsMost = 5;
const learningRowsMost = 100;
/** Share of the calls that the proof may take: 80 of 400. */
const proofShare = 0.2;
const guardShare = 0.2;
const learningShare = 0.1;
const probeShare = 0.05;
const proofRepeatsMost = 3;
const sampledControlRuns = 3;
/** More runs of today's prompt on what may become a control: one pass says little about a rate. */
const sampledControlRepeats = 2;
const requiredControlRepeats = 5;
/** Runs of today's prompt on a required control that a finalist seems to have lost. */
export const secondOpinionRuns = 3;
/** Until a control with a pass rate of 0.9 is decided by its sequential test, it mostly takes fewer runs than these. */
const requiredControlRuns = 16;
const looksMost = 4;
/** Sealed benchmarks of one look, at least: fewer decide nothing. */
const lookRowsMin = 10;

export interface PlanInput {
  config: Pick<OptimizationConfig, "calls" | "experiment" | "prove">;
  suite: SuiteFacts;
  repeats: RepeatBehaviour | "unknown";
  /** Whether the controls are required benchmarks, which run until they are decided. */
  hasRequired?: boolean;
}

/** The sizes of all stages; together they never order more than `config.calls` trials. */
export function planStages(input: PlanInput): StagePlan {
  const { config, suite, repeats } = input;
  const { calls } = config;
  const proof = proofPlan(input);
  const guards = guardPlan(input, proof.finalists);
  const probeMost = Math.min(probeRows, suite.learningGroups, Math.floor(calls * probeShare));
  const probed = repeats === "unknown" ? probeMost : 0;
  const left = calls - proof.trials - guards.trials - probed;
  const learning = learningPlan(input, { left, controls: guards.controls });
  const race = config.prove.length > 0 ? 0 : Math.max(0, left - learning.trials);
  return {
    calls,
    repeats,
    probe: { rows: probed, trials: probed },
    learning,
    race: { trials: race },
    proof,
    guards,
  };
}

/**
 * The least and the most trials of a plan: a search that finds nothing to improve ends after the learning, a proof at its
 * first look.
 */
export function trialsOfPlan(
  { probe, learning, race, proof, guards }: StagePlan,
  isProof: boolean,
): { low: number; high: number } {
  const first = probe.trials + learning.trials;
  return {
    low: isProof ? first + guards.targets + Math.ceil(proof.trials / proof.looks) : first,
    high: first + race.trials + proof.trials + guards.trials,
  };
}

/** The most trials that proof and regression run of a run may take, whatever its suite. */
export function proofTrialsMost({ calls }: Pick<OptimizationConfig, "calls">): number {
  return Math.ceil(calls * (proofShare + guardShare));
}

/** Looks at a proof of so many benchmarks: up to four, of ten at least. */
export function looksOf(rows: number): number {
  return Math.max(1, Math.min(looksMost, Math.floor(rows / lookRowsMin)));
}

/** Benchmarks that are measured by each look, ascending; the last one is all of them. */
export function lookRows(rows: number, looks: number): number[] {
  return Array.from({ length: looks }, (_, look) => Math.ceil((rows * (look + 1)) / looks));
}

function proofPlan({ config, suite, repeats }: PlanInput): StagePlan["proof"] {
  const { calls, prove, experiment } = config;
  // Without a search its part of the calls is free for the proof.
  const share = Math.floor(
    calls * (prove.length > 0 ? 1 - learningShare - guardShare : proofShare),
  );
  const most = prove.length > 0 ? prove.length : finalistsOf(calls, experiment.finalistsMax);
  const wanted = Math.min(suite.sealedGroups, experiment.proofRows ?? suite.sealedGroups);
  const everyone = prove.length > 0 ? prove.length : 1;
  const rows = Math.min(wanted, Math.floor(share / (1 + everyone)));
  const fitting = rows === 0 ? 1 : Math.floor(share / rows) - 1;
  const finalists = prove.length > 0 ? prove.length : Math.max(1, Math.min(most, fitting));
  const repeatsFitting = rows === 0 ? 1 : Math.floor(share / (rows * (1 + finalists)));
  const own = Math.max(1, Math.min(experiment.proofRepeats ?? proofRepeatsMost, repeatsFitting));
  const each = repeats === "same" ? 1 : own;
  return {
    rows,
    repeats: each,
    finalists,
    looks: looksOf(rows),
    trials: rows * each * (1 + finalists),
  };
}

function finalistsOf(calls: number, override: number | undefined): number {
  if (override !== undefined) return override;
  return calls <= oneFinalistCallsMax ? 1 : finalistsMost;
}

function guardPlan(
  { config, suite, repeats, hasRequired = false }: PlanInput,
  finalists: number,
): StagePlan["guards"] {
  const { calls, experiment } = config;
  const arms = repeats === "same" ? finalists : finalists + 1;
  const share = Math.floor((calls * guardShare) / arms);
  const open = suite.learningGroups;
  const controls = Math.min(experiment.controls ?? controlsMost, open, Math.floor(share / 2));
  const wanted = hasRequired ? requiredControlRuns : sampledControlRuns;
  const fitting = controls === 0 ? 1 : Math.floor((share - controls) / controls);
  const runs = repeats === "same" ? 1 : Math.max(1, Math.min(wanted, fitting));
  const left = Math.max(0, share - controls * runs);
  const targets = Math.min(experiment.targets ?? targetsMost, open, left);
  const secondOpinion = hasRequired && repeats !== "same" ? controls * secondOpinionRuns : 0;
  // Where repeats differ today's prompt runs on the targets once more, beside the finalists.
  const baseline = repeats === "same" ? 0 : targets + Math.min(secondOpinion, controls * runs);
  return {
    targets,
    controls,
    controlRunsMax: runs,
    trials: finalists * (targets + controls * runs) + baseline,
  };
}

function learningPlan(
  { config, suite, repeats, hasRequired = false }: PlanInput,
  { left, controls }: { left: number; controls: number },
): StagePlan["learning"] {
  const { calls, experiment } = config;
  const wanted = Math.max(probeRows, Math.round(calls * learningShare));
  const own = experiment.learningRows ?? Math.min(learningRowsMost, wanted);
  const rows = Math.min(own, suite.learningGroups, Math.max(0, left));
  const fitting = rows === 0 ? 1 : Math.floor(left / rows);
  const each =
    repeats === "same" ? 1 : Math.max(1, Math.min(experiment.learningRepeats ?? 1, fitting));
  const most = hasRequired ? requiredControlRepeats : sampledControlRepeats;
  const controlRows = repeats === "same" ? 0 : Math.min(2 * controls, rows);
  const room = Math.floor((left - rows * each) / 2);
  const controlRepeats = controlRows === 0 ? 0 : Math.min(most, Math.floor(room / controlRows));
  return {
    rows,
    repeats: each,
    controlRows,
    controlRepeats: Math.max(0, controlRepeats),
    trials: rows * each + controlRows * Math.max(0, controlRepeats),
  };
}
