/**
 * NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002): (μ+λ) evolution by constraint domination, rank and crowding. The
 * loop knows nothing of genomes: variation and evaluation come in as functions, so prompts and the real-valued test
 * problems run through the same code. A generation costs O(M N log N) for two and three objectives besides evaluation.
 * Parents compete with their offspring, so with a fixed evaluation the front never gets worse.
 */
import { type Individual, type RankedIndividual, selectSurvivors } from "./select.ts";

export interface Nsga2Options<Genome> {
  /** μ: individuals that survive a generation. */
  populationSize: number;
  /** Generations of offspring after the first population. */
  generations: number;
  /** Makes the genomes of generation `generation`; generation 0 has no parents. */
  vary(parents: readonly RankedIndividual<Genome>[], generation: number): Promise<Genome[]>;
  /**
   * Evaluates the offspring and answers the whole pool, parents included (an evaluation under noise may have new
   * figures for them); null ends the run with the parents as they are.
   */
  assess(
    parents: readonly RankedIndividual<Genome>[],
    offspring: readonly Genome[],
    generation: number,
  ): Promise<Individual<Genome>[] | null>;
  /** Told of each ranked pool; false ends the run after this generation. */
  onGeneration?(pool: readonly RankedIndividual<Genome>[], generation: number): Promise<boolean>;
}

/** Runs the evolution and answers the last population. */
export async function runNsga2<Genome>(
  options: Nsga2Options<Genome>,
): Promise<RankedIndividual<Genome>[]> {
  let population: RankedIndividual<Genome>[] = [];
  for (let generation = 0; generation <= options.generations; generation++) {
    const offspring = await options.vary(population, generation);
    const pool = await options.assess(population, offspring, generation);
    if (pool === null) return population;
    const ranked = selectSurvivors(pool, options.populationSize);
    population = ranked.filter((individual) => individual.survived);
    const goOn = (await options.onGeneration?.(ranked, generation)) ?? true;
    if (!goOn) return population;
  }
  return population;
}
