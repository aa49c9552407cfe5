/**
 * Crowding distance (Deb et al. 2002): for each objective the points of a front are ordered, the ends are infinite and
 * each point inside adds (next − previous) / (max − min); summed over the objectives, not divided by their number. An
 * objective in which the whole front is equal adds nothing and makes no end infinite. Ties keep their index order.
 * O(M N log N), O(M N) for large N.
 */
import { argsort } from "./argsort.ts";
import { checkPoints } from "./ranks.ts";

/** Crowding distances of one front of n points, row-major. One or two points are infinite. */
export function crowdingDistance(F: Float64Array, n: number, m: number): Float64Array {
  checkPoints(F, n, m);
  const distance = new Float64Array(n);
  if (n <= 2) return distance.fill(Number.POSITIVE_INFINITY);
  const values = new Float64Array(n);
  for (let k = 0; k < m; k++) {
    for (let i = 0; i < n; i++) values[i] = F[i * m + k] as number;
    addObjective(values, distance);
  }
  return distance;
}

function addObjective(values: Float64Array, distance: Float64Array): void {
  const n = values.length;
  const order = argsort(values);
  const first = order[0] as number;
  const last = order[n - 1] as number;
  const range = (values[last] as number) - (values[first] as number);
  if (range === 0) return;
  distance[first] = Number.POSITIVE_INFINITY;
  distance[last] = Number.POSITIVE_INFINITY;
  let previous = values[first] as number;
  let point = order[1] as number;
  let value = values[point] as number;
  for (let i = 2; i < n; i++) {
    const nextPoint = order[i] as number;
    const next = values[nextPoint] as number;
    distance[point] = (distance[point] as number) + (next - previous) / range;
    previous = value;
    value = next;
    point = nextPoint;
  }
}
