/**
 * The kernels under the names that cross-library timing programs expect: ranks(F, n, m), crowding(F, n, m),
 * survivors(F, n, m, keep) and hypervolume(F, n, m, reference) over a row-major Float64Array, everything minimised.
 */
import { survivors as rankAndCrowding } from "#lib/pareto/survivors.ts";

export const name = "genepool";
export { crowdingDistance as crowding } from "#lib/pareto/crowding.ts";
export { hypervolume } from "#lib/pareto/hypervolume.ts";
export { nonDominatedRanks as ranks } from "#lib/pareto/ranks.ts";

export function survivors(F: Float64Array, n: number, m: number, keep: number): Uint32Array {
  return rankAndCrowding(F, n, m, keep);
}
