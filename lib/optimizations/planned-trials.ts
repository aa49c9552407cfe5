import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import { provenMost, settlingRepeatsMax } from "./confirmation-size.ts";

/** Share of the children that reach an experiment when guards refuse many. */
const childrenShareMin = 0.5;

/** The least and the most trials that a whole run may take; where it ends up depends on guards and fronts. */
export function plannedTrials(config: OptimizationConfig): { low: number; high: number } {
  const { generations, populationSize, offspringSize, experiment } = config;
  const scored = experiment.targets + experiment.controls;
  const calibration =
    experiment.calibrationBenchmarks * experiment.calibrationRepeats +
    2 * experiment.controls * experiment.controlAdmissionRepeats;
  const arm = scored * experiment.confirmRepeats + experiment.holdout * experiment.holdoutRepeats;
  const arms = 1 + provenMost(config);
  const settling = arms * experiment.controls * settlingRepeatsMax;
  if (config.prove.length > 0)
    return { low: calibration + arms * arm, high: calibration + arms * arm + settling };
  const baseline = scored * experiment.reevaluationRepeatsMax;
  const children = (populationSize - 1 + generations * offspringSize) * experiment.searchRepeats;
  // The best of a generation run again, and so do members of the front.
  const again =
    (generations + 1) * experiment.promisingChildren * experiment.promisingRepeats +
    generations * populationSize +
    experiment.contenders * experiment.contenderRepeats;
  // In a race a child may leave after its first block.
  const leastChildren = (children * childrenShareMin) / experiment.raceBlocks;
  return {
    low: calibration + baseline + Math.round(leastChildren * scored) + 2 * arm,
    high: calibration + baseline + (children + again) * scored + arms * arm + settling,
  };
}

/** Fewer trials say nothing of the pace. */
const trialsForPace = 20;

/**
 * The range of the time left at the pace so far, in ms; null before there is a pace. The range is wide at first and
 * closes as the run goes on, which is the truth about it.
 */
export function remainingTime(run: {
  elapsedMs: number;
  trialsDone: number;
  config: OptimizationConfig;
}): { low: number; high: number } | null {
  const { elapsedMs, trialsDone, config } = run;
  if (trialsDone < trialsForPace || elapsedMs <= 0) return null;
  const perTrial = elapsedMs / trialsDone;
  const { low, high } = plannedTrials(config);
  return {
    low: Math.max(0, low - trialsDone) * perTrial,
    high: Math.max(0, high - trialsDone) * perTrial,
  };
}
