/**
 * Worlds with one edit that is known to help, among many that do not: it raises the mean over the whole population from one rate to
 * another. Where rows are required it may break some of them, or none: then nothing speaks against it. All of it is simulated.
 */
import { draw } from "#lib/random.ts";
import { groupsIn, makePool, type SentenceGroup } from "./pool.ts";
import { worldCompleter } from "./proposer.ts";
import { lowerRates, raiseRates, startRates, swapRates } from "./rates.ts";
import { makeRows } from "./rows.ts";
import { startPrompt } from "./start-prompt.ts";
import { type LabelWorld, suiteSizes, worldOf } from "./world.ts";

export interface PlantedWorldOptions {
  seed: number;
  /** Rows of the suite. */
  size?: number;
  temperature: number;
  /** Mean pass rates without and with the planted sentence, over the whole population. */
  from: number;
  to: number;
  /** Rows of the suite that no prompt may lose, and how many of them the planted sentence breaks. */
  required?: { count: number; broken: number };
  /** Sentences that say what the planted one says; the pool has 17 others. */
  planted?: number;
}

export interface PowerWorld extends LabelWorld {
  plantedSentence: string;
  /** Whether the prompt holds the planted sentence, in any wording. */
  holdsPlanted(content: string): boolean;
  /** Required rows that the planted sentence breaks. */
  broken: ReadonlySet<string>;
}

/** A required row passes so often, and a broken one so seldom, where repeats differ. */
const requiredRate = 0.97;
export const brokenRate = 0.3;
const populationSize = 1_200;
const others = { good: 0, weak: 0, swap: 8, harmful: 4, idle: 5 };
/** Share of the rows that a swap changes, that the planted sentence loses, and points that a harmful sentence costs. */
const swapped = 0.15;
const lostByGain = 0.03;
const harm = 0.12;

/** Makes the world of one seed. */
export function makePlantedWorld(options: PlantedWorldOptions): PowerWorld {
  const { seed, size = suiteSizes.usual, temperature, from, to, required, planted = 1 } = options;
  const { labels, population, suite } = makeRows(seed, size, populationSize);
  const pool = makePool(seed, { ...others, good: planted }, labels);
  const isStart = ({ kind }: SentenceGroup) => kind === "idle";
  const sentences = pool.filter(isStart).slice(0, 3);
  const start = startPrompt(
    sentences.map((group) => group.sentences[0]?.wordings[0] ?? ""),
    temperature,
    labels,
  );
  const base = startRates(
    { rate: from, temperature, size: populationSize },
    draw("planted-world", "rates", seed),
  );
  const requiredRows = suite.slice(0, required?.count ?? 0);
  const brokenRows = requiredRows.slice(0, required?.broken ?? 0);
  const good = new Set(pool.filter(({ kind }) => kind === "good").map(({ index }) => index));
  const holdsPlanted = (content: string) =>
    groupsIn(content, pool).some((group) => good.has(group));
  const keep = (rates: Float64Array, isBroken: boolean) => {
    for (const row of requiredRows) rates[row] = temperature === 0 ? 1 : requiredRate;
    if (isBroken) for (const row of brokenRows) rates[row] = temperature === 0 ? 0 : brokenRate;
  };
  const idOf = (row: number) => population[row]?.id ?? "";
  const world = worldOf({
    name: `planted-${from}-${to}-${seed}`,
    seed,
    start,
    labels,
    population,
    suite,
    required: new Set(requiredRows.map(idOf)),
    completer: worldCompleter({ groups: pool }),
    ratesOf: ({ content }) => {
      const rates = base.slice();
      const own = groupsIn(content, pool);
      // The gain first: what else a prompt says then moves it as it moves the start.
      if (own.some((group) => good.has(group)))
        raiseRates(rates, { to, lost: lostByGain }, draw("planted-world", "gain", seed));
      for (const group of own) {
        const draws = draw("planted-world", "effect", seed, group);
        const kind = pool[group]?.kind;
        if (kind === "swap") swapRates(rates, { start: base, share: swapped }, draws);
        if (kind === "harmful") lowerRates(rates, harm, draws);
      }
      keep(rates, holdsPlanted(content));
      return rates;
    },
  });
  const plantedSentence = pool.find(({ kind }) => kind === "good")?.sentences[0]?.wordings[1] ?? "";
  return { ...world, plantedSentence, holdsPlanted, broken: new Set(brokenRows.map(idOf)) };
}
