/**
 * Shares the slots of a generation out among the operators by what their children were worth: probability matching on
 * the survival rate, shrunk towards that of all operators, old counts forgotten (probability matching with a least
 * share: Thierens 2005; its measured worth against Thompson sampling: docs/decisions/0012). A pure function of the
 * generations that are stored, so a resumed run shares out the same.
 */
import { z } from "zod";
import { type PromptOperator, promptOperator } from "#lib/domain/prompt.ts";
import type { Aim } from "./aim.ts";

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
  /** What is bred for the front survives by being cheap: it says nothing of what makes a prompt better. */
  aim: Aim;
}

/** One generation that is over: who was born in it, and who was in the population after it. */
export interface Harvest {
  births: readonly Birth[];
  survivorIds: ReadonlySet<string>;
}

const decay = 0.95;
const shareMin = 0.02;
/** So many children at the survival rate of all operators are added to each one's own: few children say little. */
const priorChildren = 4;

/**
 * The arms before the generation that follows `harvests`. A child wins by being in the population one generation after
 * its own, when it has been measured again; one that is gone at once has lost. `weight` says how much an operator is
 * expected to be worth before anything is known, relative to the others.
 */
export function banditArms(
  operators: readonly { operator: PromptOperator; weight: number }[],
  harvests: readonly Harvest[],
): BanditArm[] {
  const counts = operators.map(({ operator, weight }) => ({
    operator,
    weight,
    ...countsOf(operator, harvests),
  }));
  const shares = sharesOf(counts);
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
      if (birth.operator !== operator || birth.aim !== "success") continue;
      if (!survivorIds.has(birth.id)) losses += worth;
      else if (next?.survivorIds.has(birth.id) === true) wins += worth;
      else if (next !== undefined) losses += worth;
    }
  }
  return { wins, losses };
}

/** Each operator's weight times its survival rate, with the least share made good by the others. */
function sharesOf(counts: readonly { wins: number; losses: number; weight: number }[]): number[] {
  const wins = counts.reduce((sum, count) => sum + count.wins, 0);
  const children = counts.reduce((sum, count) => sum + count.wins + count.losses, 0);
  const overall = (wins + 0.5) / (children + 1);
  const rates = counts.map(
    (count) => (count.wins + priorChildren * overall) / (count.wins + count.losses + priorChildren),
  );
  return withFloor(counts.map(({ weight }, i) => weight * (rates[i] ?? 0)));
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
