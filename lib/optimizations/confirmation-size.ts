import type { OptimizationConfig } from "../domain/optimization.ts";

/** Costs are means of few trials, and prompts grow: what comes may turn out dearer than what was. */
export const costMargin = 1.25;

/** Repeats of one control beyond the proof's own, at most. */
export const settlingRepeatsMax = 7;

/** How many benchmarks of each kind a proof runs on; the configuration bounds them, the calibration finds them. */
export interface ConfirmationSize {
  targets: number;
  controls: number;
  holdout: number;
}

/** The most trials that the proof of all finalists and of today's prompt beside them may take. */
export function confirmationTrialsMost(
  { experiment }: OptimizationConfig,
  { targets, controls, holdout }: ConfirmationSize = experiment,
): number {
  const { confirmRepeats, holdoutRepeats, finalistsMax } = experiment;
  const arm =
    (targets + controls) * confirmRepeats +
    controls * settlingRepeatsMax +
    holdout * holdoutRepeats;
  return (finalistsMax + 1) * arm;
}
