/**
 * What the proof of the finalists will take: trials, and the money that the search must leave for it. A search that
 * spends all it has can prove nothing.
 */
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import {
  type ConfirmationSize,
  confirmationTrialsOfArm,
  costMargin,
} from "#lib/optimizations/confirmation-size.ts";
import type { IndividualRecord } from "../ports.ts";
import type { Calibration } from "./calibrate.ts";
import { chooseFinalists } from "./confirm.ts";

/** What a proof runs on after this calibration. */
export function confirmationSize({ targets, controls, split }: Calibration): ConfirmationSize {
  return { targets: targets.length, controls: controls.length, holdout: split.holdout.length };
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
  return costMargin * perTrialUsd * confirmationTrialsOfArm(config, size);
}
