/**
 * Worlds whose prompts are all equally good: an edit changes which rows pass, not how many. Whatever is promoted as better there is luck.
 * `null-cost` is the trap of the other verdict: every edit is cheaper by a fifth and loses 6 points. All of it is simulated.
 */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { makePool } from "./pool.ts";
import { meanUsage } from "./prices.ts";
import { worldCompleter } from "./proposer.ts";
import { lowerRates, startRates, swapRates } from "./rates.ts";
import { makeRows } from "./rows.ts";
import { startPrompt } from "./start-prompt.ts";
import { type LabelWorld, suiteSizes, worldOf } from "./world.ts";

export interface NullCell {
  /** Share of the rows that an edit changes, half up and half down, 0..0.6. */
  share: number;
  /** 0: a row passes or not, and repeats are copies. Above: rows have chances, and an edit swaps them. */
  temperature: number;
  /** Mean pass rate of every prompt. */
  rate: number;
}

export interface NullWorldOptions extends NullCell {
  seed: number;
  /** Rows of the suite. */
  size?: number;
  /** Points of success that every edit loses, and the share of the cost that it saves; nothing unless said. */
  trap?: { loss: number; saving: number };
}

/** The cells that false promotion is measured in. */
export const nullCells: readonly NullCell[] = [0.15, 0.3, 0.5].flatMap((share) =>
  [0, 0.7].flatMap((temperature) => [0.35, 0.5, 0.7].map((rate) => ({ share, temperature, rate }))),
);

/** Every edit is this much worse and this much cheaper: to be handed over as "equal and cheaper" in at most one run in twenty. */
export const costTrap = { loss: 0.06, saving: 0.2 } as const;

const populationSize = 1_200;
/** Makes a null world. Throws RangeError where a share is more than the rate allows. */
export function makeNullWorld(options: NullWorldOptions): LabelWorld {
  const { seed, size = suiteSizes.usual, temperature, rate, share, trap } = options;
  if (share / 2 > Math.min(rate, 1 - rate))
    throw new RangeError(`${share} of the rows cannot change sides at a rate of ${rate}`);
  const { labels, population, suite } = makeRows(seed, size, populationSize);
  const counts = { good: 0, weak: 0, swap: 24, harmful: 0, idle: 0 };
  const pool = makePool(seed, counts, labels);
  const sentences = pool.slice(0, 3).map((group) => group.sentences[0]?.wordings[0] ?? "");
  const start = startPrompt(sentences, temperature, labels);
  const base = startRates(
    { rate, temperature, size: populationSize },
    draw("null-world", "rates", seed),
  );
  const isEdit = (genome: PromptGenome) => changesOf(genome, start).length > 0;
  const costOf = (genome: PromptGenome) => meanUsage(genome, population).costUsd;
  return worldOf({
    name: trap === undefined ? `null-swap-${seed}` : `null-cost-${seed}`,
    seed,
    start,
    labels,
    population,
    suite,
    completer: worldCompleter({ groups: pool }),
    ratesOf: (genome) => {
      const rates = base.slice();
      for (const change of changesOf(genome, start))
        swapRates(rates, { start: base, share }, draw("null-world", "swap", seed, change));
      if (trap !== undefined && isEdit(genome))
        lowerRates(rates, trap.loss, draw("null-world", "loss", seed, genome.content));
      return rates;
    },
    // Whatever the edit says, it costs the same: the start's price less the saving.
    costFactorOf: (genome) =>
      trap === undefined || !isEdit(genome)
        ? 1
        : ((1 - trap.saving) * costOf(start)) / costOf(genome),
  });
}

/**
 * What makes the prompt another than the start: each instruction that one of the two has and the other lacks, the messages behind the
 * instructions, which are its examples, as one, and each setting.
 */
function changesOf({ content, parameters }: PromptGenome, start: PromptGenome): string[] {
  const [own, before] = [partsOf(content), partsOf(start.content)];
  const settings = new Map<string, unknown>(Object.entries(start.parameters));
  return [
    ...before.filter((part) => !own.includes(part)).map((part) => `without ${part}`),
    ...own.filter((part) => !before.includes(part)),
    ...Object.entries(parameters)
      .filter(([name, value]) => settings.get(name) !== value)
      .map(([name, value]) => `${name} is ${value}`),
  ];
}

function partsOf(content: string): string[] {
  const messages = content.indexOf("\nuser:\n");
  const end = messages < 0 ? content.length : messages;
  return [...content.slice(0, end).split("\n"), content.slice(end)];
}
