import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hypervolumeOf } from "#lib/pareto/objectives.ts";
import { type Draws, draw } from "#lib/random.ts";
import { runNsga2 } from "./nsga2.ts";
import type { RankedIndividual } from "./select.ts";
import { matingPool } from "./testing/mating.ts";
import {
  knapsack3,
  polynomialMutation,
  randomGenomes,
  realProblems,
  sbx,
  varyBits,
} from "./testing/problems.ts";

interface Figures {
  problem: string;
  population: number;
  generations: number;
  ref: number[];
  seeds: number;
  libraries: Record<string, { mean: number; std: number }>;
}
const { problems } = JSON.parse(
  readFileSync(new URL("../../tests/fixtures/pareto/convergence.json", import.meta.url), "utf8"),
) as { problems: Figures[] };

/** As many children as parents, none equal to a parent or to another child. */
function offspringOf(
  parents: readonly RankedIndividual<number[]>[],
  bits: boolean,
  draws: Draws,
): number[][] {
  const seen = new Set(parents.map(({ individual: { genome } }) => genome.join()));
  const children: number[][] = [];
  const next = () => draws.next();
  while (children.length < parents.length) {
    const pool = matingPool(parents, 2 * parents.length, draws).map((p) => p.individual.genome);
    for (let i = 0; i + 1 < pool.length; i += 2) {
      const [a, b] = [pool[i] ?? [], pool[i + 1] ?? []];
      const pair = bits
        ? varyBits(a, b, next)
        : sbx(a, b, next).map((x) => polynomialMutation(x, next));
      for (const child of pair) {
        const key = child.join();
        if (seen.has(key) || children.length === parents.length) continue;
        seen.add(key);
        children.push(child);
      }
    }
  }
  return children;
}

async function lastHypervolume(figures: Figures, seed: number): Promise<number> {
  const bits = figures.problem === "knapsack3";
  const problem = bits ? knapsack3() : realProblems[figures.problem];
  if (problem === undefined) throw new Error(`no problem ${figures.problem}`);
  const individual = (genome: number[]) => ({
    genome,
    objectives: problem.evaluate(genome),
    constraintViolation: 0,
  });
  const last = await runNsga2<number[]>({
    populationSize: figures.population,
    generations: figures.generations - 1,
    vary: async (parents, generation) =>
      generation === 0
        ? randomGenomes(seed, figures.population, problem.variables, bits)
        : offspringOf(parents, bits, draw(seed, "vary", generation)),
    assess: async (parents, offspring) => [
      ...parents.map((p) => p.individual),
      ...offspring.map(individual),
    ],
  });
  return hypervolumeOf({
    objectives: last.map((p) => [...p.individual.objectives]),
    reference: figures.ref,
  });
}

// The bar of the recorded figures: our mean not below the lowest library's mean less two of its standard errors.
test.each(problems)(
  "reaches the libraries' hypervolume on $problem",
  { timeout: 120_000 },
  async (figures) => {
    const values: number[] = [];
    for (let seed = 1; seed <= figures.seeds; seed++)
      values.push(await lastHypervolume(figures, seed));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const bar = Math.min(
      ...Object.values(figures.libraries).map(
        (l) => l.mean - (2 * l.std) / Math.sqrt(figures.seeds),
      ),
    );
    expect(mean, figures.problem).toBeGreaterThanOrEqual(bar);
  },
);
