/**
 * Selection of NSGA-II (Deb et al. 2002) over typed individuals: (μ+λ) survival by constraint domination, rank and
 * crowding, and the binary crowded tournament for parents. Objectives are minimised.
 */
import { constrainedRanks, crowdingByFront, survivors } from "#lib/pareto/survivors.ts";
import type { Draws } from "#lib/random.ts";

export interface Individual<Genome> {
  genome: Genome;
  objectives: readonly number[];
  /** 0 is feasible. */
  constraintViolation: number;
}

export interface RankedIndividual<Genome> {
  individual: Individual<Genome>;
  rank: number;
  crowdingDistance: number;
  survived: boolean;
}

/** Ranks the whole pool and marks the `size` survivors; the order of the pool is kept. */
export function selectSurvivors<Genome>(
  pool: readonly Individual<Genome>[],
  size: number,
): RankedIndividual<Genome>[] {
  const n = pool.length;
  const m = pool[0]?.objectives.length ?? 1;
  const F = Float64Array.from(pool.flatMap((individual) => individual.objectives));
  const violation = Float64Array.from(pool, (individual) => individual.constraintViolation);
  const ranks = constrainedRanks(F, n, m, violation);
  const crowding = crowdingByFront(F, n, m, ranks);
  const kept = new Set(survivors(F, n, m, Math.min(size, n), violation));
  return pool.map((individual, i) => ({
    individual,
    rank: ranks[i] ?? 0,
    crowdingDistance: crowding[i] ?? 0,
    survived: kept.has(i),
  }));
}

/** The better of two drawn members: lower rank, then larger crowding distance, then a coin. */
export function binaryCrowdedTournament<T extends { rank: number; crowdingDistance: number }>(
  population: readonly T[],
  draws: Draws,
): T {
  const a = draws.pick(population);
  const b = draws.pick(population);
  if (a.rank !== b.rank) return a.rank < b.rank ? a : b;
  if (a.crowdingDistance !== b.crowdingDistance)
    return a.crowdingDistance > b.crowdingDistance ? a : b;
  return draws.chance(0.5) ? a : b;
}
