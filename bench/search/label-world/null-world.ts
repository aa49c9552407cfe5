/**
 * Worlds whose prompts are all equally good: an edit changes which rows pass, not how many. Whatever is promoted as better there is luck.
 * `null-cost` is the trap of the other verdict: every edit is cheaper by a fifth and loses 6 points. All of it is simulated.
 */
import { type PromptGenome, promptGenome } from "#lib/domain/prompt.ts";
import { type Draws, draw } from "#lib/random.ts";
import { makePool } from "./pool.ts";
import { worldCompleter } from "./proposer.ts";
import { makeRows } from "./rows.ts";
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
/** How much the chances of rows differ where repeats differ: the standard deviation of their logits. */
const spread = 1.5;

/** Makes a null world. Throws RangeError where a share is more than the rate allows. */
export function makeNullWorld(options: NullWorldOptions): LabelWorld {
  const { seed, size = suiteSizes.usual, temperature, rate, share, trap } = options;
  if (share / 2 > Math.min(rate, 1 - rate))
    throw new RangeError(`${share} of the rows cannot change sides at a rate of ${rate}`);
  const { labels, population, suite } = makeRows(seed, size, populationSize);
  const counts = { good: 0, weak: 0, swap: 24, harmful: 0, idle: 0 };
  const pool = makePool(seed, counts, labels);
  const start = startPrompt(
    pool.slice(0, 3).map(({ sentences }) => sentences[0]?.wordings[0] ?? ""),
    temperature,
    labels,
  );
  const base = startRates(rate, temperature, draw("null-world", "rates", seed));
  const isEdit = (genome: PromptGenome) => changesOf(genome, start).length > 0;
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
        swapRates(rates, share, draw("null-world", "swap", seed, change));
      if (trap !== undefined && isEdit(genome))
        lower(rates, trap.loss, draw("null-world", "loss", seed, genome.content));
      return rates;
    },
    costFactorOf: (genome) => (trap === undefined || !isEdit(genome) ? 1 : 1 - trap.saving),
  });
}

function startPrompt(
  sentences: readonly string[],
  temperature: number,
  labels: readonly string[],
): PromptGenome {
  const rules = sentences.map((sentence) => `- ${sentence}\n`).join("");
  return promptGenome.parse({
    content: `system:\nYou put messages under labels.\n- Answer with one of these labels and nothing else: ${labels.join(", ")}.\n${rules}user:\n{{ input }}\n`,
    parameters: { temperature, maxSteps: 1, maxOutputTokens: 16 },
    tools: [],
  });
}

/** Rates of the rows under the start prompt, whose mean is the rate as far as whole rows allow. */
function startRates(rate: number, temperature: number, draws: Draws): Float64Array {
  if (temperature === 0) {
    const passing = Math.round(rate * populationSize);
    const order = draws.shuffle([...Array(populationSize).keys()]);
    return Float64Array.from(order, (place) => (place < passing ? 1 : 0));
  }
  const logits = Array.from({ length: populationSize }, () => spread * draws.normal());
  const at = (centre: number) =>
    Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-(centre + logit))));
  let [low, high] = [-10, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (meanOf(at(middle)) < rate) low = middle;
    else high = middle;
  }
  return at(high);
}

/** Each line that one of the two prompts has and the other lacks, and each setting that differs: whatever makes the prompt another. */
function changesOf({ content, parameters }: PromptGenome, start: PromptGenome): string[] {
  const own = content.split("\n");
  const lines = start.content.split("\n");
  const before = new Map<string, unknown>(Object.entries(start.parameters));
  const settings = Object.entries(parameters)
    .filter(([name, value]) => before.get(name) !== value)
    .map(([name, value]) => `${name} is ${value}`);
  return [
    ...lines.filter((line) => !own.includes(line)).map((line) => `without ${line}`),
    ...own.filter((line) => !lines.includes(line)),
    ...settings,
  ];
}

/**
 * Half of `share` of the rows, drawn among the better half, exchange their rates with as many of the others; the mean stays. At temperature
 * 0 the better ones are those that pass, so that exactly `share` of the rows change sides.
 */
function swapRates(rates: Float64Array, share: number, draws: Draws): void {
  const order = draws.shuffle([...rates.keys()]);
  const bound = isSettled(rates) ? 0.5 : medianOf(rates);
  const count = Math.round((share * rates.length) / 2);
  const better = order.filter((row) => (rates[row] ?? 0) > bound).slice(0, count);
  const others = order.filter((row) => (rates[row] ?? 0) <= bound).slice(0, count);
  for (const [k, row] of better.entries()) {
    const other = others[k];
    if (other === undefined) break;
    [rates[row], rates[other]] = [rates[other] ?? 0, rates[row] ?? 0];
  }
}

function isSettled(rates: Float64Array): boolean {
  return rates.every((rate) => rate === 0 || rate === 1);
}

/** Takes so many points from the mean: passing rows fail, or every chance falls alike. */
function lower(rates: Float64Array, points: number, draws: Draws): void {
  const mean = meanOf(rates);
  if (!isSettled(rates)) {
    for (let i = 0; i < rates.length; i++) rates[i] = ((rates[i] ?? 0) * (mean - points)) / mean;
    return;
  }
  const passing = draws.shuffle([...rates.keys()].filter((row) => rates[row] === 1));
  for (const row of passing.slice(0, Math.round(points * rates.length))) rates[row] = 0;
}

function medianOf(rates: Float64Array): number {
  return rates.toSorted()[rates.length >> 1] ?? 0;
}

function meanOf(rates: Float64Array): number {
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
