/** What the judgements are worth: confusion, precision and recall, and how often the right agent is chosen. */
import type { Estimate } from "#lib/domain/experiment.ts";
import { type CoachFault, coachFaults } from "#lib/domain/insight.ts";
import { draw } from "#lib/random.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";
import { coach } from "#optimizer/coach/coach.ts";
import { type PlantedFault, plantedFaults } from "#workbench/planted-faults.ts";
import { coachOptions, type JudgedRun } from "./planted-runs.ts";

/** The coach's word for each planted fault. */
const wordFor: Readonly<Record<PlantedFault, CoachFault>> = {
  "critic-blind": "critic-missed-error",
  "engineer-deaf": "engineer-ignored-critic",
  "both-fine": "neither",
};

export type Confusion = Record<PlantedFault, Record<CoachFault, number>>;

export function confusionOf(runs: readonly JudgedRun[]): Confusion {
  const row = (truth: PlantedFault) => (fault: CoachFault) =>
    runs.filter((one) => one.truth === truth && one.judged.fault === fault).length;
  const rowOf = (truth: PlantedFault): Record<CoachFault, number> => ({
    "critic-missed-error": row(truth)("critic-missed-error"),
    "engineer-ignored-critic": row(truth)("engineer-ignored-critic"),
    neither: row(truth)("neither"),
    unclear: row(truth)("unclear"),
  });
  return {
    "critic-blind": rowOf("critic-blind"),
    "engineer-deaf": rowOf("engineer-deaf"),
    "both-fine": rowOf("both-fine"),
  };
}

export interface ClassFigures {
  /** Of the runs judged so, those that are so. */
  precision: Estimate;
  /** Of the runs that are so, those judged so; one that could not be told counts as not. */
  recall: Estimate;
  unclear: Estimate;
}

export function classFigures(confusion: Confusion): Record<PlantedFault, ClassFigures> {
  const of = (truth: PlantedFault): ClassFigures => {
    const word = wordFor[truth];
    const hits = confusion[truth][word];
    const judgedSo = plantedFaults.reduce((sum, other) => sum + confusion[other][word], 0);
    const all = coachFaults.reduce((sum, fault) => sum + confusion[truth][fault], 0);
    return {
      precision: rate(hits, judgedSo),
      recall: rate(hits, all),
      unclear: rate(confusion[truth].unclear, all),
    };
  };
  return {
    "critic-blind": of("critic-blind"),
    "engineer-deaf": of("engineer-deaf"),
    "both-fine": of("both-fine"),
  };
}

/** Sets of failed runs by the share of each fault, and what should be tuned for them. */
export const mixtures = {
  "critic-blind": { shares: [1, 0, 0], tune: "critic", section: null },
  "engineer-deaf": { shares: [0, 1, 0], tune: "engineer", section: "receptiveness" },
  "both-fine": { shares: [0, 0, 1], tune: "engineer", section: null },
  "mostly critic-blind": { shares: [0.8, 0.1, 0.1], tune: "critic", section: null },
  "mostly engineer-deaf": { shares: [0.1, 0.8, 0.1], tune: "engineer", section: "receptiveness" },
  "mixed evenly": { shares: [1 / 3, 1 / 3, 1 / 3], tune: "engineer", section: null },
} as const;
export type Mixture = keyof typeof mixtures;

/** How often the right agent is chosen, and the right section with it, for sets of `size` failed runs. */
export function choices(
  runs: readonly JudgedRun[],
  mixture: Mixture,
  { size, sets, seed }: { size: number; sets: number; seed: number },
): { agent: Estimate; section: Estimate } {
  const { shares, tune, section } = mixtures[mixture];
  const pools = plantedFaults.map((truth) => runs.filter((one) => one.truth === truth));
  const verdicts = Array.from({ length: sets }, (_, n) => {
    const draws = draw(seed, "set", mixture, size, n);
    const drawn = Array.from({ length: size }, () => draws.pick(draws.weighted(pools, shares)));
    return coach(
      drawn.map(({ run }) => run),
      coachOptions,
    );
  });
  const right = verdicts.filter((verdict) => verdict.tune === tune);
  const exact = right.filter((verdict) => verdict.section === section);
  return { agent: rate(right.length, sets), section: rate(exact.length, sets) };
}

function rate(hits: number, n: number): Estimate {
  return { value: n === 0 ? 0 : hits / n, n, ...wilsonInterval(hits, n) };
}
