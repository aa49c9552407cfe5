/**
 * Parents of a generation. What is bred for success starts from the best so far; now and then from a specialist, who is best at
 * some rows (after GEPA, Agrawal et al. 2025): with a few dozen rows, choice by single rows alone breeds on luck. What is bred
 * for the front starts from the best too, to make it cheaper.
 */
import type { Draws } from "#lib/random.ts";
import type { ParentPrompt } from "../operators/operator.ts";
import type { Aim } from "./aim.ts";
import type { FailureEvidence } from "./hypothesize.ts";

/** A member of the population as the mutation sees it. */
export interface Breeder extends ParentPrompt {
  /** Expected success over all rows that score prompts: pass rates hold only those that it ran on. */
  success: number;
  rank: number;
  crowdingDistance: number;
  /** Why its runs fail: an edit answers the failures of the prompt that it changes, not those of an ancestor. */
  evidence: FailureEvidence;
}

/** Members this close to the best pass rate on a benchmark count as its specialists too. */
const tieRange = 0.05;
/** Share of the children for success that are bred on a specialist. */
const specialistShare = 0.15;

/** The first parent of a slot; `draws` are the slot's own. */
export function chooseParent(aim: Aim, population: readonly Breeder[], draws: Draws): Breeder {
  if (aim === "success" && draws.chance(specialistShare))
    return specialist(population, draws) ?? bestOnAverage(population);
  return bestOnAverage(population);
}

/** The member that is expected to succeed most; among equals the better ranked, then the earlier. */
export function bestOnAverage(population: readonly Breeder[]): Breeder {
  return population.reduce((best, member) => {
    const gain = member.success - best.success;
    return gain > 0 || (gain === 0 && member.rank < best.rank) ? member : best;
  });
}

/** Draws a benchmark, the likelier the more the best at it are ahead of the others, and one of those best. */
function specialist(population: readonly Breeder[], draws: Draws): Breeder | null {
  // Only rows that all of them ran on: elsewhere whoever ran further would be the best of one.
  const ids = [...(population[0]?.passRates.keys() ?? [])].filter((id) =>
    population.every((member) => member.passRates.has(id)),
  );
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
