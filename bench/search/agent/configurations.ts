/** Configurations of runs that take about so many trials in an arena, proof included. */
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";

export type Breeding = Partial<OptimizationConfig["breeding"]>;
type Shape = { generations: number; populationSize: number; offspringSize: number } & {
  experiment: Partial<OptimizationConfig["experiment"]>;
};

/** Runs differ from repeat to repeat, so repeats tell more. */
const workbench: Readonly<Record<number, Shape>> = {
  300: {
    generations: 18,
    populationSize: 4,
    offspringSize: 1,
    experiment: {
      calibrationBenchmarks: 20,
      calibrationRepeats: 1,
      controlAdmissionRepeats: 1,
      targets: 12,
      controls: 2,
      reevaluationRepeatsMax: 1,
      rollingShare: 0,
      promisingChildren: 0,
      contenders: 0,
      confirmRepeats: 1,
      finalistsMax: 1,
      holdout: 4,
      holdoutRepeats: 1,
    },
  },
  1000: {
    generations: 10,
    populationSize: 5,
    offspringSize: 2,
    experiment: {
      calibrationBenchmarks: 40,
      calibrationRepeats: 2,
      controlAdmissionRepeats: 3,
      targets: 16,
      controls: 4,
      reevaluationRepeatsMax: 3,
      promisingChildren: 2,
      promisingRepeats: 1,
      contenders: 0,
      confirmRepeats: 4,
      finalistsMax: 1,
      holdout: 8,
      holdoutRepeats: 2,
    },
  },
};

/** At temperature 0 a repeat repeats: rows are what tells prompts apart, and whatever wins many rows loses a few. */
const labelled: Readonly<Record<number, Shape>> = {
  400: {
    generations: 2,
    populationSize: 4,
    offspringSize: 4,
    experiment: { calibrationBenchmarks: 40, targets: 16, controls: 8, holdout: 20 },
  },
  1000: {
    generations: 4,
    populationSize: 5,
    offspringSize: 5,
    experiment: { calibrationBenchmarks: 80, targets: 24, controls: 12, holdout: 60 },
  },
};
const withoutRepeats = {
  controlLossMax: 0.34,
  calibrationRepeats: 1,
  controlAdmissionRepeats: 0,
  searchRepeats: 1,
  promisingChildren: 0,
  reevaluationRepeatsMax: 1,
  contenders: 0,
  confirmRepeats: 1,
  holdoutRepeats: 1,
  finalistsMax: 2,
};

export function configurationFor(
  kind: "workbench" | "labelled",
  rollouts: number,
  seed: number,
  breeding: Breeding = {},
): OptimizationConfig {
  const shape = kind === "workbench" ? workbench[rollouts] : labelled[rollouts];
  if (shape === undefined) throw new Error(`There is no configuration of ${rollouts} trials.`);
  const experiment =
    kind === "workbench" ? shape.experiment : { ...withoutRepeats, ...shape.experiment };
  return optimizationConfig.parse({ ...shape, experiment, seed, breeding });
}
