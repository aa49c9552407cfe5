/** Configurations of runs of so many trials in an arena, proof included: the product's own defaults at that budget. */
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";

export type Breeding = Partial<OptimizationConfig["breeding"]>;

export function configurationFor(
  rollouts: number,
  seed: number,
  breeding: Breeding = {},
): OptimizationConfig {
  return optimizationConfig.parse({ calls: rollouts, seed, breeding });
}
