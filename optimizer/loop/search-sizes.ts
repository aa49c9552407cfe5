/** How wide and how deep a search is: from its trials and rows, a pure function, and what the configuration says otherwise. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";

export interface SearchSizes {
  /** Bound on the generations; the trials usually end a search before. */
  generationsMax: number;
  /** μ: prompts that survive a generation. */
  populationSize: number;
  /** λ: children of a generation. */
  offspringSize: number;
  /** Trials of a child after each rung of its race, ascending: it runs a prefix of the one order of rows. */
  rungs: readonly number[];
  /** A child leaves its race when its chance to be better than its rival is smaller. */
  stopBelow: number;
  /** Learning rows that score prompts; examples come from the others. */
  scoringRows: number;
  /** The best run on until they have so many trials, before the finalists are chosen among them. */
  finalTrials: number;
  /** Prompts that do. */
  contenders: number;
  /** Pieces of other prompts that a child takes or leaves beside its own edit. */
  mixedPiecesMax: number;
  /** Share of the trials after which half of the children are bred for the front. */
  frontFrom: number;
}

/** Up to this many trials a generation is small: the next one is to build on what the last one found. */
const fewTrials = 600;
/** Short rungs look at many prompts: a few trials tell enough, since those of all relatives count too. */
const rungs: readonly number[] = [3, 6, 10];
const finalTrials = 40;
/** Of the learning rows, what examples may be taken from at least. */
const exampleShare = 1 / 3;

/** Sizes of the search of a run. */
export function sizesOf(
  config: Pick<OptimizationConfig, "generations" | "populationSize" | "offspringSize">,
  plan: Pick<StagePlan, "race" | "proof">,
  learningRows: number,
): SearchSizes {
  const isSmall = plan.race.trials <= fewTrials;
  return {
    generationsMax: config.generations ?? Math.max(1, plan.race.trials),
    populationSize: config.populationSize ?? (isSmall ? 6 : 10),
    offspringSize: config.offspringSize ?? (isSmall ? 2 : 4),
    rungs,
    stopBelow: 0.3,
    scoringRows: Math.min(finalTrials, Math.ceil(learningRows * (1 - exampleShare))),
    finalTrials,
    contenders: plan.proof.finalists + 1,
    mixedPiecesMax: 3,
    frontFrom: 0.5,
  };
}

/** The learning rows that score prompts. */
export function scoringRows(
  benchmarks: readonly Benchmark[],
  order: readonly string[],
  sizes: Pick<SearchSizes, "scoringRows">,
): Benchmark[] {
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  return order.slice(0, sizes.scoringRows).flatMap((id) => byId.get(id) ?? []);
}
