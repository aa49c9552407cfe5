import type { IndividualShape } from "../shapes/optimization.ts";

/**
 * The highest success, 0..1, on the first front of a population; 0 when it is empty. A child that left the race is rated by few
 * runs of its own and stands behind all fronts: it is nobody's best.
 */
export function bestSuccess(individuals: readonly IndividualShape[]): number {
  const front = individuals.filter(({ rank }) => rank === 0);
  return Math.max(0, ...front.map(({ objectives }) => objectives.successRate));
}
