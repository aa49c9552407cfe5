import type { OptimizationConfig } from "../domain/optimization.ts";

/** Costs are means of few trials, and prompts grow: what comes may turn out dearer than what was. */
export const costMargin = 1.25;

/** Repeats of one control beyond the proof's own, at most. */
export const settlingRepeatsMax = 5;

/** The most trials that the proof of all finalists and of today's prompt beside them may take. */
export function confirmationTrialsMost({ experiment }: OptimizationConfig): number {
  const { targets, controls, confirmRepeats, holdout, holdoutRepeats, finalistsMax } = experiment;
  const arm =
    (targets + controls) * confirmRepeats +
    controls * settlingRepeatsMax +
    holdout * holdoutRepeats;
  return (finalistsMax + 1) * arm;
}
