/**
 * The label world of one seed. A prompt passes a row when the row's margin is above 0: the row's own difficulty, and what the
 * prompt's sentences, examples, model and length add to it. Above temperature 0 the margin gives a chance instead.
 */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { type Effects, makeEffects, marginsOf, type Reading } from "./effects.ts";
import {
  type GroupCounts,
  type GroupKind,
  groupsIn,
  makePool,
  type SentenceGroup,
} from "./pool.ts";
import { models, startModel } from "./prices.ts";
import { worldCompleter } from "./proposer.ts";
import { readExamples } from "./read-examples.ts";
import { makeRows } from "./rows.ts";
import { formMark, startPrompt } from "./start-prompt.ts";
import { type LabelWorld, suiteSizes, worldOf } from "./world.ts";

export interface LabelWorldOptions {
  seed: number;
  /** Rows of the suite. */
  size?: number;
  /** Of the start prompt: 0, where repeats are copies, or above, where they differ. */
  temperature?: number;
}

const populationSize = 1_200;
const groups: GroupCounts = { good: 4, weak: 5, swap: 10, harmful: 5, idle: 7 };
/** True rates of the start, and of the best set of sentences with the start's model and no examples. */
const startRates = [0.3, 0.45] as const;
const sentenceRates = [0.67, 0.75] as const;
/** At temperature 1 a margin of this size gives a chance of 1 / (1 + 1/e). */
const softness = 0.9;

export interface PlantedWorld extends LabelWorld {
  pool: readonly SentenceGroup[];
  /** Groups whose sentences together do best, with the start's model and no examples: a greedy search on the truth. */
  bestGroups: readonly number[];
}

/** Makes the world of one seed; equal options give an equal world. */
export function makeLabelWorld(options: LabelWorldOptions): PlantedWorld {
  const { seed, size = suiteSizes.usual, temperature = 0 } = options;
  const draws = draw("label-world", "shape", seed);
  const rows = makeRows(seed, size, populationSize);
  const pool = makePool(seed, groups, rows.labels);
  const sentences = startKinds.map(
    (kind) => pool.find((group) => group.kind === kind)?.sentences[0]?.wordings[0] ?? "",
  );
  const start = startPrompt(sentences, temperature, rows.labels);
  const [startRate, sentenceRate] = [startRates, sentenceRates].map(
    ([low, high]) => low + (high - low) * draws.next(),
  );
  const { effects, bestGroups } = makeEffects({
    seed,
    rows,
    pool,
    startGroups: groupsIn(start.content, pool),
    startRate: startRate ?? 0,
    sentenceRate: sentenceRate ?? 0,
  });
  const world = worldOf({
    name: `label-world-${seed}`,
    seed,
    start,
    labels: rows.labels,
    population: rows.population,
    suite: rows.suite,
    completer: worldCompleter({ groups: pool }),
    ratesOf: (genome) => ratesOf(genome, effects, pool),
  });
  return { ...world, pool, bestGroups };
}

/** What the start prompt says beside the form of the answer: something that helps a little, and two sentences that do nothing. */
const startKinds: readonly GroupKind[] = ["weak", "swap", "idle"];

function ratesOf(
  genome: PromptGenome,
  effects: Effects,
  pool: readonly SentenceGroup[],
): Float64Array {
  const margins = marginsOf(readingOf(genome, effects, pool), effects);
  const { temperature } = genome.parameters;
  if (temperature === 0) return margins.map((margin) => (margin > 0 ? 1 : 0));
  return margins.map((margin) => 1 / (1 + Math.exp(-margin / (softness * temperature))));
}

function readingOf(
  { content, parameters }: PromptGenome,
  effects: Effects,
  pool: readonly SentenceGroup[],
): Reading {
  return {
    groups: groupsIn(content, pool),
    examples: readExamples(content, effects.suite),
    tier: models.indexOf(parameters.model ?? startModel),
    saysForm: content.includes(formMark),
  };
}
