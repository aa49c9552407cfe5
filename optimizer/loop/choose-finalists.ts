import type { IndividualRecord } from "../ports.ts";

/**
 * The feasible first front, the incumbent left out: best success first, cheaper first among equals. Ties keep the
 * population's order: ids are random and must not decide.
 */
export function chooseFinalists(
  population: readonly IndividualRecord[],
  incumbentId: string,
  limit: number,
): string[] {
  return population
    .filter((individual) => individual.promptId !== incumbentId)
    .filter((individual) => individual.constraintViolation === 0 && individual.rank === 0)
    .sort(
      (a, b) =>
        b.objectives.successRate - a.objectives.successRate ||
        a.objectives.costUsd - b.objectives.costUsd,
    )
    .slice(0, limit)
    .map((individual) => individual.promptId);
}
