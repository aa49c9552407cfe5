/** Configurations of runs that take about so many trials in an arena, proof included. */
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";

export type Breeding = Partial<OptimizationConfig["breeding"]>;
interface Shape {
  generations: number;
  populationSize: number;
  offspringSize: number;
  experiment: Partial<OptimizationConfig["experiment"]>;
  /** After a generation that reaches this many trials the search ends: the proof takes the rest. */
  searchTrialsMax?: number;
}

/** Runs differ from repeat to repeat, so repeats tell more. */
const workbench: Readonly<Record<number, Shape>> = {
  300: {
    // An edit that changes nothing costs a few trials and an edit that helps twenty: trials bound this search, not children.
    generations: 45,
    searchTrialsMax: 245,
    populationSize: 4,
    offspringSize: 1,
    experiment: {
      calibrationBenchmarks: 25,
      calibrationRepeats: 1,
      controlAdmissionRepeats: 1,
      targets: 16,
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
    generations: 40,
    searchTrialsMax: 770,
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
    generations: 12,
    populationSize: 4,
    offspringSize: 3,
    experiment: { calibrationBenchmarks: 40, targets: 16, controls: 6, holdout: 24 },
    searchTrialsMax: 260,
  },
  1000: {
    generations: 20,
    populationSize: 5,
    offspringSize: 4,
    experiment: { calibrationBenchmarks: 80, targets: 24, controls: 10, holdout: 50 },
    searchTrialsMax: 720,
  },
};
const withoutRepeats = {
  // A prompt that is right two times in three loses a third of whatever passed before: less would condemn half of the good ones.
  controlLossMax: 0.5,
  calibrationRepeats: 1,
  controlAdmissionRepeats: 0,
  searchRepeats: 1,
  promisingChildren: 0,
  reevaluationRepeatsMax: 1,
  contenders: 0,
  confirmRepeats: 1,
  holdoutRepeats: 1,
  // The best of many small samples is partly luck: three are measured on rows that chose none of them.
  finalistsMax: 3,
};

export interface Configuration {
  config: OptimizationConfig;
  searchTrialsMax: number;
}

/** Throws when nobody has made a configuration of so many trials. */
export function configurationFor(
  kind: "workbench" | "labelled",
  rollouts: number,
  seed: number,
  breeding: Breeding = {},
): Configuration {
  const shape = kind === "workbench" ? workbench[rollouts] : labelled[rollouts];
  if (shape === undefined) throw new Error(`There is no configuration of ${rollouts} trials.`);
  const { searchTrialsMax = Number.POSITIVE_INFINITY, ...changes } = shape;
  const experiment =
    kind === "workbench" ? shape.experiment : { ...withoutRepeats, ...shape.experiment };
  return {
    config: optimizationConfig.parse({ ...changes, experiment, seed, breeding }),
    searchTrialsMax,
  };
}
