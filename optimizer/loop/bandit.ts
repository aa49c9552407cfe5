/**
 * Shares the slots of a generation out among the operators by what their children were worth: a beta distribution of
 * wins and losses each, Thompson sampling (Thompson 1933; Chapelle & Li 2011), old counts forgotten. A pure function of
 * the generations that are stored, so a resumed run draws the same.
 */
import { z } from "zod";
import { type PromptOperator, promptOperator } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";

/** One operator's standing before a generation. */
export const banditArm = z.object({
  operator: promptOperator,
  /** Decayed counts of children that stayed in the population, and that did not. */
  wins: z.number(),
  losses: z.number(),
  /** Share of the slots, 0..1; the shares of all arms sum to 1. */
  share: z.number(),
});
export type BanditArm = z.infer<typeof banditArm>;

/** A child as the bandit judges it. */
export interface Birth {
  id: string;
  operator: PromptOperator;
}

/** One generation that is over: who was born in it, and who was in the population after it. */
export interface Harvest {
  births: readonly Birth[];
  survivorIds: ReadonlySet<string>;
}

const decay = 0.95;
const shareMin = 0.05;
const samples = 500;
/** The density is sampled at the middles of this many equal parts of 0..1. */
const gridSize = 100;

/**
 * The arms before the generation that follows `harvests`. A child wins by being in the population one generation after
 * its own, when it has been measured again; one that is gone at once has lost. `weight` says how much an operator is
 * expected to be worth before anything is known, relative to the others.
 */
export function banditArms(
  operators: readonly { operator: PromptOperator; weight: number }[],
  harvests: readonly Harvest[],
  seed: number,
): BanditArm[] {
  const counts = operators.map(({ operator, weight }) => ({
    operator,
    weight,
    ...countsOf(operator, harvests),
  }));
  const shares = sharesOf(counts, harvests.length, seed);
  return counts.map(({ operator, wins, losses }, i) => ({
    operator,
    wins: rounded(wins),
    losses: rounded(losses),
    share: rounded(shares[i] ?? 0),
  }));
}

function countsOf(operator: PromptOperator, harvests: readonly Harvest[]) {
  let wins = 0;
  let losses = 0;
  for (const [generation, { births, survivorIds }] of harvests.entries()) {
    const next = harvests[generation + 1];
    const age = harvests.length - 1 - generation;
    const worth = decay ** age;
    for (const birth of births) {
      if (birth.operator !== operator) continue;
      if (!survivorIds.has(birth.id)) losses += worth;
      else if (next?.survivorIds.has(birth.id) === true) wins += worth;
      else if (next !== undefined) losses += worth;
    }
  }
  return { wins, losses };
}

/** How often each arm is the best of a joint draw, times its weight, with the least share made good by the others. */
function sharesOf(
  counts: readonly { wins: number; losses: number; weight: number }[],
  generation: number,
  seed: number,
): number[] {
  const cumulative = counts.map(({ wins, losses }) => betaCumulative(1 + wins, 1 + losses));
  const best = counts.map(() => 0);
  const draws = draw(seed, "bandit", generation);
  for (let sample = 0; sample < samples; sample++) {
    const values = cumulative.map((table) => quantileOf(table, draws.next()));
    const winner = values.indexOf(Math.max(...values));
    best[winner] = (best[winner] ?? 0) + 1;
  }
  return withFloor(counts.map(({ weight }, i) => weight * ((best[i] ?? 0) / samples)));
}

/** The distribution function of Beta(a, b) on the grid, a and b at least 1. */
function betaCumulative(a: number, b: number): Float64Array {
  const density = Float64Array.from({ length: gridSize }, (_, i) => {
    const x = (i + 0.5) / gridSize;
    return (a - 1) * Math.log(x) + (b - 1) * Math.log(1 - x);
  });
  const peak = Math.max(...density);
  let sum = 0;
  return density.map((logDensity) => {
    sum += Math.exp(logDensity - peak);
    return sum;
  });
}

function quantileOf(cumulative: Float64Array, u: number): number {
  const total = cumulative.at(-1) ?? 0;
  const cell = cumulative.findIndex((sum) => sum > u * total);
  const below = cumulative[cell - 1] ?? 0;
  const height = (cumulative[cell] ?? total) - below;
  return (cell + (u * total - below) / height) / gridSize;
}

/** Shares that sum to 1 with none below the floor; with too many arms for it, all are equal. */
function withFloor(weights: readonly number[]): number[] {
  const floor = Math.min(shareMin, 1 / weights.length);
  const lifted = new Set<number>();
  for (;;) {
    const rest = 1 - floor * lifted.size;
    const total = weights.reduce((sum, weight, i) => (lifted.has(i) ? sum : sum + weight), 0);
    const shares = weights.map((weight, i) => {
      if (lifted.has(i)) return floor;
      return total > 0 ? (rest * weight) / total : rest / (weights.length - lifted.size);
    });
    const short = shares.flatMap((share, i) => (share < floor - 1e-12 ? [i] : []));
    if (short.length === 0) return shares;
    for (const i of short) lifted.add(i);
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
