import type { OptimizationConfig } from "../domain/optimization.ts";

/** Costs are means of few trials, and prompts grow: what comes may turn out dearer than what was. */
export const costMargin = 1.25;

/**
 * More runs that a control may get: after one failure a control that holds needs ten passes to be clear, eleven runs in
 * all. With twelve, one that passes 19 times in 20 is left undecided 7 times in 100.
 */
export const settlingRepeatsMax = 7;

/** How many benchmarks of each kind a proof runs on; the configuration bounds them, the calibration finds them. */
export interface ConfirmationSize {
  targets: number;
  controls: number;
  holdout: number;
}

/**
 * Most trials of one arm of a proof: every scored benchmark and the sealed holdout, each in its repeats, and the runs that
 * controls may need until they are decided.
 */
export function confirmationTrialsOfArm(
  { experiment }: OptimizationConfig,
  { targets, controls, holdout }: ConfirmationSize = experiment,
): number {
  const { confirmRepeats, holdoutRepeats } = experiment;
  const scored = (targets + controls) * confirmRepeats;
  return scored + controls * settlingRepeatsMax + holdout * holdoutRepeats;
}

/** How many prompts a run proves at most: those that it was given, else the finalists of its search. */
export function provenMost({ prove, experiment }: OptimizationConfig): number {
  return prove.length > 0 ? prove.length : experiment.finalistsMax;
}

/** The most trials that the proof of all finalists and of today's prompt beside them may take. */
export function confirmationTrialsMost(
  config: OptimizationConfig,
  size: ConfirmationSize = config.experiment,
): number {
  return (provenMost(config) + 1) * confirmationTrialsOfArm(config, size);
}
