/**
 * Parents of a generation: half of the slots by specialists, who are best at one benchmark (after GEPA, Agrawal et al.
 * 2025), a quarter by tournament over the whole population, a quarter from the member that the front would miss most, and one
 * slot always for the best on average: with a few dozen benchmarks, choice by single benchmarks alone breeds on luck.
 */
import type { Draws } from "#lib/random.ts";
import { binaryCrowdedTournament } from "../nsga2/select.ts";
import type { ParentPrompt } from "../operators/operator.ts";
import type { FailureEvidence } from "./hypothesize.ts";

/** A member of the population as the mutation sees it. */
export interface Breeder extends ParentPrompt {
  rank: number;
  crowdingDistance: number;
  /** Hypervolume that the front would lose without this member. */
  hypervolumeContribution: number;
  /** Why its runs fail: an edit answers the failures of the prompt that it changes, not those of an ancestor. */
  evidence: FailureEvidence;
}

/** Members this close to the best pass rate on a benchmark count as its specialists too. */
const tieRange = 0.05;
/** Of four slots the third breeds on the front. */
const frontEvery = 4;
const frontSlot = 2;

/**
 * The first parent of a slot; `draws` are the slot's own. For an operator that adds, the tournament prefers success to
 * a lonely place on the front: what makes a failing prompt better, a good one mostly has.
 */
export function chooseParent(
  slot: number,
  population: readonly Breeder[],
  draws: Draws,
  adds: boolean,
): Breeder {
  if (slot === 0) return bestOnAverage(population);
  if (slot % frontEvery === frontSlot) return mostMissed(population);
  const tournament = adds ? successTournament : binaryCrowdedTournament;
  if (slot % 2 === 1) return specialist(population, draws) ?? tournament(population, draws);
  return tournament(population, draws);
}

/**
 * The member that the front would lose most hypervolume without (the contribution of SMS-EMOA: Beume, Naujoks & Emmerich 2007);
 * the first of equals. Those who succeed most are bred on by all other slots, and their children cost what they cost: somebody
 * has to breed on what is cheap and good.
 */
function mostMissed(population: readonly Breeder[]): Breeder {
  return population.reduce((most, member) =>
    member.hypervolumeContribution > most.hypervolumeContribution ? member : most,
  );
}

/** The better of two drawn members: lower rank, then the higher mean pass rate, then the first. */
function successTournament(population: readonly Breeder[], draws: Draws): Breeder {
  return bestOnAverage([draws.pick(population), draws.pick(population)]);
}

/** The member with the highest mean pass rate; among equals the better ranked, then the earlier. */
export function bestOnAverage(population: readonly Breeder[]): Breeder {
  const means = new Map(population.map((member) => [member, meanRate(member)]));
  return population.reduce((best, member) => {
    const gain = (means.get(member) ?? 0) - (means.get(best) ?? 0);
    return gain > 0 || (gain === 0 && member.rank < best.rank) ? member : best;
  });
}

/** Draws a benchmark, the likelier the more the best at it are ahead of the others, and one of those best. */
function specialist(population: readonly Breeder[], draws: Draws): Breeder | null {
  const ids = [...new Set(population.flatMap((member) => [...member.passRates.keys()]))];
  const best = ids.map((id) => Math.max(...population.map((m) => m.passRates.get(id) ?? 0)));
  const mean = ids.map(
    (id) =>
      population.reduce((total, member) => total + (member.passRates.get(id) ?? 0), 0) /
      population.length,
  );
  // What nobody passes has no specialist, however hard it is: a tie of all would be a draw at random.
  const weights = ids.map((_, i) => Math.max(0, (best[i] ?? 0) - (mean[i] ?? 0) - tieRange));
  if (!weights.some((weight) => weight > 0)) return null;
  const benchmark = draws.weighted(
    ids.map((id, i) => ({ id, rate: best[i] ?? 0 })),
    weights,
  );
  return draws.pick(
    population.filter(
      (member) => (member.passRates.get(benchmark.id) ?? 0) >= benchmark.rate - tieRange,
    ),
  );
}

function meanRate({ passRates }: ParentPrompt): number {
  const rates = [...passRates.values()];
  return rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
}
