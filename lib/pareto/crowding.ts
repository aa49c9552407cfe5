/**
 * Crowding distance (Deb et al. 2002): for each objective the points of a front are ordered, the ends are infinite and
 * each point inside adds (next − previous) / (max − min); summed over the objectives, not divided by their number. An
 * objective in which the whole front is equal adds nothing and makes no end infinite; one whose range is infinite only
 * marks its ends. Ties keep their index order.
 * O(M N log N), O(M N) for large N.
 */
import { argsort } from "./argsort.ts";
import { checkPoints } from "./ranks.ts";

/** Crowding distances of one front of n points, row-major. One or two points are infinite. */
export function crowdingDistance(F: Float64Array, n: number, m: number): Float64Array {
  checkPoints(F, n, m);
  const distance = new Float64Array(n);
  if (n <= 2) return distance.fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < m; k++) addObjective(F, m, k, distance);
  return distance;
}

function addObjective(F: Float64Array, m: number, k: number, distance: Float64Array): void {
  const n = distance.length;
  const order = argsort(F, n, m, k);
  const value = (i: number) => F[(order[i] as number) * m + k] as number;
  const range = value(n - 1) - value(0);
  if (range === 0) return;
  distance[order[0] as number] = Number.POSITIVE_INFINITY;
  distance[order[n - 1] as number] = Number.POSITIVE_INFINITY;
  if (range === Number.POSITIVE_INFINITY) return;
  let previous = value(0);
  let own = value(1);
  for (let i = 1; i < n - 1; i++) {
    const next = value(i + 1);
    const point = order[i] as number;
    distance[point] = (distance[point] as number) + (next - previous) / range;
    previous = own;
    own = next;
  }
}
