/**
 * What the proof of the finalists will take: trials, and the money that the search must leave for it. A search that
 * spends all it has can prove nothing.
 */
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { IndividualRecord } from "../ports.ts";
import type { Calibration } from "./calibrate.ts";
import { chooseFinalists, settlingRepeatsMax } from "./confirm.ts";

/** Costs are means of few trials, and prompts grow: what comes may turn out dearer than what was. */
export const costMargin = 1.25;

export interface ConfirmationSize {
  targets: number;
  controls: number;
  holdout: number;
}

export function confirmationSize({ targets, controls, split }: Calibration): ConfirmationSize {
  return { targets: targets.length, controls: controls.length, holdout: split.holdout.length };
}

/**
 * Most trials of one arm: every scored benchmark and the sealed holdout, each in its repeats, and the runs that controls
 * may need until they are decided.
 */
export function confirmationTrials(size: ConfirmationSize, config: OptimizationConfig): number {
  const { confirmRepeats, holdoutRepeats } = config.experiment;
  const scored = (size.targets + size.controls) * confirmRepeats;
  return scored + size.controls * settlingRepeatsMax + size.holdout * holdoutRepeats;
}

/**
 * As many of the best as the money left can prove; one at least, since a cap that refuses says so by itself. Two proven
 * well are worth more than three cut off.
 */
export function affordableFinalists(
  population: readonly IndividualRecord[],
  incumbentId: string,
  size: ConfirmationSize,
  { config, leftUsd }: { config: OptimizationConfig; leftUsd: number },
): string[] {
  const best = chooseFinalists(population, incumbentId, config.experiment.finalistsMax);
  while (best.length > 1 && costOf(best, population, incumbentId, size, config) > leftUsd)
    best.pop();
  return best;
}

/** USD that proving today's finalists would cost, with a margin; 0 while there are none. */
export function confirmationCostUsd(
  population: readonly IndividualRecord[],
  incumbentId: string,
  size: ConfirmationSize,
  config: OptimizationConfig,
): number {
  const best = chooseFinalists(population, incumbentId, config.experiment.finalistsMax);
  return best.length === 0 ? 0 : costOf(best, population, incumbentId, size, config);
}

function costOf(
  promptIds: readonly string[],
  population: readonly IndividualRecord[],
  incumbentId: string,
  size: ConfirmationSize,
  config: OptimizationConfig,
): number {
  const finalists = new Set(promptIds);
  const perTrialUsd = population
    .filter(({ promptId }) => finalists.has(promptId) || promptId === incumbentId)
    .reduce((sum, { objectives }) => sum + objectives.costUsd, 0);
  return costMargin * perTrialUsd * confirmationTrials(size, config);
}
