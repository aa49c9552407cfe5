/** What sentences, examples and models do to the margins of a world's rows. */
import { type Draws, draw } from "#lib/random.ts";
import type { SentenceGroup } from "./pool.ts";
import type { Rows, WorldRow } from "./rows.ts";

/** What a prompt is made of, as far as it matters. */
export interface Reading {
  /** Groups that it holds a sentence of. */
  groups: readonly number[];
  examples: readonly WorldRow[];
  /** 0 is the smallest model, 2 the start's. */
  tier: number;
  /** Whether it says what an answer looks like. */
  saysForm: boolean;
}

export interface Effects {
  seed: number;
  labels: readonly string[];
  population: readonly WorldRow[];
  suite: readonly WorldRow[];
  /** Margins of a prompt without any sentence. */
  base: Float64Array;
  /** What each group adds. */
  byGroup: readonly Float64Array[];
  exampleNoise: Map<string, Float64Array>;
}

const tierMargin: readonly number[] = [-0.7, -0.25, 0];
const startTier = 2;
const withoutForm = -1.5;
/** From this many groups on, each further one lowers every margin: a model follows a long list less well. */
const groupsFree = 7;
const crowding = 0.06;

/** Of a set of examples: what any gives, what an uneven or a last answer leans to, what one of the same family or label gives. */
const exampleEffect = {
  any: 0.15,
  lean: 0.6,
  last: 0.12,
  family: 0.1,
  label: 0.05,
  own: 0.7,
  quality: 0.15,
};

/** Margins of a prompt over the whole population. */
export function marginsOf({ groups, examples, tier, saysForm }: Reading, effects: Effects) {
  const shift = (tierMargin[tier] ?? 0) + (saysForm ? 0 : withoutForm) - crowdingOf(groups.length);
  const margins = effects.base.map((margin) => margin + shift);
  for (const group of groups) addTo(margins, effects.byGroup[group]);
  if (examples.length > 0) addTo(margins, examplesMargins(examples, effects));
  return margins;
}

function addTo(margins: Float64Array, added: Float64Array | undefined): void {
  if (added === undefined) return;
  for (let i = 0; i < margins.length; i++) margins[i] = (margins[i] ?? 0) + (added[i] ?? 0);
}

/** The more examples, the less each of them counts. */
function examplesMargins(examples: readonly WorldRow[], effects: Effects): Float64Array {
  const { labels, population } = effects;
  const count = examples.length;
  const noise = examples.map((example) => noiseOf(example, effects));
  const share = (label: string) =>
    examples.filter(({ expected }) => expected === label).length / count;
  const lean = new Map(labels.map((label) => [label, share(label) - 1 / labels.length]));
  const last = examples.at(-1)?.expected;
  const weight = 1 / Math.sqrt(count);
  return Float64Array.from(population, (row, i) => {
    let near = 0;
    for (const [k, example] of examples.entries()) {
      near += noise[k]?.[i] ?? 0;
      if (example.family === row.family) near += exampleEffect.family;
      if (example.expected === row.expected) near += exampleEffect.label;
    }
    return (
      exampleEffect.any +
      weight * near +
      exampleEffect.lean * (lean.get(row.expected) ?? 0) +
      (row.expected === last ? exampleEffect.last : -exampleEffect.last / (labels.length - 1))
    );
  });
}

/** What one example does to each row by itself: some are good to show, some are not, and each swaps rows. */
function noiseOf(example: WorldRow, { seed, population, exampleNoise }: Effects): Float64Array {
  const known = exampleNoise.get(example.id);
  if (known !== undefined) return known;
  const draws = draw("label-world", "example", seed, example.id);
  const quality = exampleEffect.quality * draws.normal();
  const own = Float64Array.from(
    population,
    () => quality + exampleEffect.own * (2 * draws.next() - 1),
  );
  exampleNoise.set(example.id, own);
  return own;
}

export interface EffectsOptions {
  seed: number;
  rows: Rows;
  pool: readonly SentenceGroup[];
  startGroups: readonly number[];
  startRate: number;
  sentenceRate: number;
}

const scaleSteps = 12;
const scaleMax = 4;

/** Draws the effects and scales the good ones until the best set of sentences reaches its rate. */
export function makeEffects(options: EffectsOptions): { effects: Effects; bestGroups: number[] } {
  const { seed, rows, pool, startGroups, startRate, sentenceRate } = options;
  const draws = draw("label-world", "effects", seed);
  const difficulty = Float64Array.from(rows.population, () => draws.normal());
  const unscaled = pool.map((group) => goodEffect(group, rows, draws));
  const made = (scale: number): Effects => {
    const byGroup = unscaled.map((effect) => effect.map((value) => value * scale));
    const ofStart = startGroups.flatMap((group) => byGroup[group] ?? []);
    return {
      seed,
      labels: rows.labels,
      population: rows.population,
      suite: rows.suite.flatMap((index) => rows.population[index] ?? []),
      base: basedAt(startRate, difficulty, ofStart),
      byGroup,
      exampleNoise: new Map(),
    };
  };
  const helping = pool
    .filter(({ kind }) => kind === "good" || kind === "weak")
    .map(({ index }) => index);
  let [low, high] = [0, scaleMax];
  for (let step = 0; step < scaleSteps; step++) {
    const middle = (low + high) / 2;
    if (bestOf(made(middle), startGroups, helping).rate < sentenceRate) low = middle;
    else high = middle;
  }
  const effects = withOtherEffects(made(high), options);
  const every = pool.map(({ index }) => index);
  return { effects, bestGroups: bestOf(effects, startGroups, every).groups };
}

/** Adds what sentences do that are no good: they change sides for rows, or lower them. */
function withOtherEffects(effects: Effects, { seed, pool, startGroups }: EffectsOptions): Effects {
  const start = { groups: startGroups, examples: [], tier: startTier, saysForm: true };
  const margins = marginsOf(start, effects);
  const byGroup = effects.byGroup.map((effect, group) => {
    const draws = draw("label-world", "effect", seed, group);
    const kind = pool[group]?.kind;
    if (kind === "swap" && !startGroups.includes(group)) return swapEffect(margins, draws);
    return kind === "harmful" ? harmfulEffect(margins.length, draws) : effect;
  });
  return { ...effects, byGroup };
}

/** The difficulties moved so that the start passes its share of the rows. */
function basedAt(
  startRate: number,
  difficulty: Float64Array,
  ofStart: readonly Float64Array[],
): Float64Array {
  const margins = difficulty.slice();
  for (const effect of ofStart) addTo(margins, effect);
  const sorted = margins.toSorted((a, b) => b - a);
  const bound = sorted[Math.round(startRate * sorted.length)] ?? 0;
  return difficulty.map((value) => value - bound);
}

/** Rows of one label and two families gain most; a few rows lose, as with every real edit. */
function goodEffect({ kind, focus }: SentenceGroup, { population }: Rows, draws: Draws) {
  if (kind !== "good" && kind !== "weak") return new Float64Array(population.length);
  const size = (kind === "good" ? 1 : 0.4) * (0.5 + draws.next());
  const families = draws.shuffle([...new Set(population.map(({ family }) => family))]).slice(0, 2);
  return Float64Array.from(population, ({ family, expected }) => {
    const isNear = families.includes(family) || expected === focus;
    if (draws.chance(isNear ? 0.65 : 0.15)) return size * (0.6 - Math.log(1 - 0.99 * draws.next()));
    return draws.chance(0.12) ? -size * 0.8 : 0;
  });
}

/** As many rows pass as before, but others: `share` of all rows change sides of the start's margin, half each way. */
function swapEffect(startMargins: Float64Array, draws: Draws): Float64Array {
  const share = 0.12 + 0.23 * draws.next();
  const count = Math.round((share * startMargins.length) / 2);
  const order = draws.shuffle([...startMargins.keys()]);
  const isPassing = (row: number) => (startMargins[row] ?? 0) > 0;
  const changed = [
    ...order.filter(isPassing).slice(0, count),
    ...order.filter((row) => !isPassing(row)).slice(0, count),
  ];
  const effect = new Float64Array(startMargins.length);
  for (const row of changed) {
    const margin = startMargins[row] ?? 0;
    effect[row] = -margin - Math.sign(margin || -1) * (0.1 + 0.5 * draws.next());
  }
  return effect;
}

function harmfulEffect(length: number, draws: Draws): Float64Array {
  const share = 0.2 + 0.25 * draws.next();
  return Float64Array.from({ length }, () => (draws.chance(share) ? -0.5 - draws.next() : 0));
}

/** The groups that together do best, added one by one or left out from those of the start, and the rate they reach. */
function bestOf(effects: Effects, startGroups: readonly number[], among: readonly number[]) {
  const start = { groups: startGroups, examples: [], tier: startTier, saysForm: true };
  const margins = marginsOf(start, effects);
  const none = new Float64Array(margins.length);
  let best = {
    groups: [...startGroups],
    rate: shareAbove(margins, { effect: none, sign: 1, bound: 0 }),
  };
  for (let step = 0; step < effects.byGroup.length; step++) {
    const next = among
      .map((group) => {
        const effect = effects.byGroup[group] ?? none;
        const isIn = best.groups.includes(group);
        const count = best.groups.length + (isIn ? -1 : 1);
        const crowded = crowdingOf(best.groups.length) - crowdingOf(count);
        return {
          group,
          isIn,
          rate: shareAbove(margins, { effect, sign: isIn ? -1 : 1, bound: -crowded }),
        };
      })
      .reduce((a, b) => (b.rate > a.rate ? b : a));
    if (next.rate <= best.rate) break;
    const groups = next.isIn
      ? best.groups.filter((group) => group !== next.group)
      : [...best.groups, next.group];
    margins.set(marginsOf({ ...start, groups }, effects));
    best = { groups, rate: next.rate };
  }
  return best;
}

/** Share of rows whose margin, with `sign` times the effect, lies above a bound. */
function shareAbove(
  margins: Float64Array,
  { effect, sign, bound }: { effect: Float64Array; sign: number; bound: number },
): number {
  let passes = 0;
  for (let i = 0; i < margins.length; i++)
    if ((margins[i] ?? 0) + sign * (effect[i] ?? 0) > bound) passes++;
  return passes / margins.length;
}

function crowdingOf(groups: number): number {
  return crowding * Math.max(0, groups - groupsFree);
}
