import fc from "fast-check";
import { expect, test } from "vitest";
import { constraintDominates } from "#lib/pareto/dominance.ts";
import { draw } from "#lib/random.ts";
import { runNsga2 } from "./nsga2.ts";
import { binaryCrowdedTournament, type Individual, selectSurvivors } from "./select.ts";

const individuals = fc.array(
  fc.record({
    genome: fc.nat(),
    objectives: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)),
    constraintViolation: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { minLength: 1, maxLength: 40 },
);

test("survival keeps the size, and nobody outside dominates somebody inside", () => {
  fc.assert(
    fc.property(individuals, fc.nat(40), (pool, size) => {
      const ranked = selectSurvivors(pool, size);
      const kept = ranked.filter((r) => r.survived);
      expect(kept.length).toBe(Math.min(size, pool.length));
      const asPoint = (i: Individual<number>) => ({
        objectives: i.objectives,
        violation: i.constraintViolation,
      });
      for (const out of ranked.filter((r) => !r.survived)) {
        for (const inside of kept) {
          expect(constraintDominates(asPoint(out.individual), asPoint(inside.individual))).toBe(
            false,
          );
        }
      }
    }),
  );
});

test("a tournament prefers rank, then crowding distance", () => {
  const population = [
    { rank: 1, crowdingDistance: 9 },
    { rank: 0, crowdingDistance: 1 },
    { rank: 0, crowdingDistance: 5 },
  ];
  const wins = [0, 0, 0];
  for (let s = 0; s < 3000; s++) {
    const winner = binaryCrowdedTournament(population, draw(s));
    const at = population.indexOf(winner);
    wins[at] = (wins[at] ?? 0) + 1;
  }
  expect(wins[0]).toBeLessThan(450);
  expect(wins[2]).toBeGreaterThan(wins[1] ?? 0);
});

test("with a fixed fitness the best front never gets worse from one generation to the next", async () => {
  let best = Number.POSITIVE_INFINITY;
  await runNsga2<number>({
    populationSize: 6,
    generations: 20,
    vary: async (_, generation) => {
      const draws = draw(3, generation);
      return Array.from({ length: 6 }, () => draws.int(1000));
    },
    assess: async (parents, offspring) => [
      ...parents.map((p) => p.individual),
      ...offspring.map((genome) => ({
        genome,
        objectives: [genome, genome % 7],
        constraintViolation: 0,
      })),
    ],
    onGeneration: async (pool) => {
      const least = Math.min(...pool.filter((p) => p.survived).map((p) => p.individual.genome));
      expect(least).toBeLessThanOrEqual(best);
      best = least;
      return true;
    },
  });
  expect(best).toBeLessThan(50);
});

test("a run ends when the assessment or the listener says so", async () => {
  let generations = 0;
  const stopped = await runNsga2<number>({
    populationSize: 2,
    generations: 50,
    vary: async () => [1, 2],
    assess: async (_, offspring, generation) =>
      generation === 2
        ? null
        : offspring.map((genome) => ({ genome, objectives: [genome], constraintViolation: 0 })),
    onGeneration: async () => {
      generations++;
      return true;
    },
  });
  expect(generations).toBe(2);
  expect(stopped).toHaveLength(2);
});

test("the same seed gives the same run, however the evaluations finish; another seed gives another", async () => {
  const run = async (seed: number, hold: (turn: number) => Promise<void>) => {
    const last = await runNsga2<number>({
      populationSize: 8,
      generations: 10,
      vary: async (parents, generation) => {
        const draws = draw(seed, generation);
        return Array.from({ length: 8 }, () =>
          parents.length === 0
            ? draws.int(10_000)
            : binaryCrowdedTournament(parents, draws).individual.genome + draws.int(9) - 4,
        );
      },
      assess: async (parents, offspring) => [
        ...parents.map((p) => p.individual),
        ...(await Promise.all(
          offspring.map(async (genome, turn) => {
            await hold(turn);
            return {
              genome,
              objectives: [genome * genome, (genome - 50) ** 2],
              constraintViolation: Math.max(0, 10 - genome),
            };
          }),
        )),
      ],
    });
    return last.map((p) => p.individual.genome);
  };
  const late = async (turn: number) => {
    for (let tick = 8; tick > turn; tick--) await Promise.resolve();
  };
  const first = await run(1, async () => {});
  expect(await run(1, late)).toEqual(first);
  expect(await run(2, late)).not.toEqual(first);
});
