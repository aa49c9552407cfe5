/** How wide and how deep a search of a given number of trials is: a pure function, so that a preview can show it. */

export interface SearchSizes {
  /** Bound on the generations; the trials usually end a search before. */
  generationsMax: number;
  /** μ: prompts that survive a generation. */
  populationSize: number;
  /** λ: children of a generation. */
  offspringSize: number;
  /** Trials of a child after each rung of its race, ascending: it runs a prefix of the one order of rows. */
  rungs: readonly number[];
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
  /** A child leaves its race when its chance to be better than its rival is smaller. */
  stopBelow: number;
}

export interface SizesInput {
  trialsMax: number;
  learningRows: number;
  finalistsMax: number;
  overrides: {
    generations?: number | undefined;
    populationSize?: number | undefined;
    offspringSize?: number | undefined;
    rungs?: readonly number[] | undefined;
  };
}

/** Up to this many trials a generation is small: the next one is to build on what the last one found. */
const fewTrials = 600;
const rungs: readonly number[] = [3, 6, 9, 12];
const finalTrials = 40;
/** Of the learning rows, what examples may be taken from at least. */
const exampleShare = 1 / 3;

export function searchSizes(input: SizesInput): SearchSizes {
  const { trialsMax, learningRows, finalistsMax, overrides } = input;
  const isSmall = trialsMax <= fewTrials;
  const scoringRows = Math.max(1, Math.min(finalTrials, Math.ceil(learningRows * (1 - exampleShare))));
  return {
    generationsMax: overrides.generations ?? trialsMax,
    populationSize: overrides.populationSize ?? (isSmall ? 6 : 10),
    offspringSize: overrides.offspringSize ?? (isSmall ? 3 : 4),
    rungs: overrides.rungs ?? rungs,
    scoringRows,
    finalTrials,
    contenders: finalistsMax + 2,
    frontFrom: 0.5,
    mixedPiecesMax: 3,
    stopBelow: 0.3,
  };
}
