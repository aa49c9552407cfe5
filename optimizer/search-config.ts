/** How a search of a given budget of trials is laid out: what a run's configuration leaves open is decided here. */
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";

export interface SearchSizes {
  searchRepeats: number;
  /** Blocks that children race in; those without a chance leave after a block. */
  raceBlocks: number;
  /** Children of a generation that did best in their first repeats get more at once. */
  promisingChildren: number;
  promisingRepeats: number;
  /** Share of a generation's trials that goes to one more repeat of the least tried members of the first front. */
  rollingShare: number;
  /** Repeats that a member of the first front may come to in that way. */
  reevaluationRepeatsMax: number;
  /** Before the proof, so many of the best run again, and the finalists are chosen by what they did then. */
  contenders: number;
  contenderRepeats: number;
  finalistsMax: number;
  /** Share of the controls that a prompt may lose before it is infeasible. */
  controlLossMax: number;
}

export type SearchConfig = Omit<
  OptimizationConfig,
  "experiment" | "generations" | "populationSize" | "offspringSize"
> & {
  generations: number;
  populationSize: number;
  offspringSize: number;
  experiment: SearchSizes;
};

/** Sizes of a search of so many trials; repeats only where they can differ. */
export function searchConfig(
  config: OptimizationConfig,
  plan: StagePlan,
  { hasRequired }: { hasRequired: boolean },
): SearchConfig {
  const isSmall = plan.race.trials < 800;
  const varies = plan.repeats !== "same";
  return {
    ...config,
    generations: config.generations ?? 100,
    populationSize: config.populationSize ?? (isSmall ? 4 : 10),
    offspringSize: config.offspringSize ?? (isSmall ? 3 : 10),
    experiment: {
      searchRepeats: 1,
      raceBlocks: 5,
      promisingChildren: varies && !isSmall ? 3 : 0,
      promisingRepeats: 2,
      rollingShare: varies ? 0.25 : 0,
      reevaluationRepeatsMax: varies && !isSmall ? 4 : 1,
      contenders: varies && !isSmall ? 6 : 0,
      contenderRepeats: 2,
      finalistsMax: plan.proof.finalists,
      controlLossMax: hasRequired ? 0 : 0.5,
    },
  };
}
