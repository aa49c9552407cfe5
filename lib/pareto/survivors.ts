/**
 * Rank-and-crowding survival of NSGA-II (Deb et al. 2002): whole fronts are taken while they fit; of the first front
 * that does not, the least crowded points fill the places left. Crowding is computed once, ties go to the lower index.
 */
import { argsort } from "./argsort.ts";
import { crowdingDistance } from "./crowding.ts";
import { checkPoints, nonDominatedRanks } from "./ranks.ts";

/**
 * Fronts under constraint domination: feasible points by non-dominated sorting, then each distinct violation, smallest
 * first, a front of its own. Violations are ≥ 0, 0 is feasible.
 */
export function constrainedRanks(
  F: Float64Array,
  n: number,
  m: number,
  violation: Float64Array,
): Uint32Array {
  checkPoints(F, n, m);
  if (violation.length !== n)
    throw new RangeError(`expected ${n} violations, got ${violation.length}`);
  const feasible: number[] = [];
  const broken = new Set<number>();
  for (let i = 0; i < n; i++) {
    const v = violation[i] as number;
    if (!(v >= 0)) throw new RangeError(`violation ${i} is ${v}; it must be 0 or more`);
    if (v === 0) feasible.push(i);
    else broken.add(v);
  }
  const ranks = new Uint32Array(n);
  const feasibleRanks = nonDominatedRanks(rows(F, m, feasible), feasible.length, m);
  let fronts = 0;
  for (const [k, point] of feasible.entries()) {
    const rank = feasibleRanks[k] as number;
    ranks[point] = rank;
    fronts = Math.max(fronts, rank + 1);
  }
  const level = new Map([...broken].sort((a, b) => a - b).map((v, k) => [v, fronts + k]));
  for (let i = 0; i < n; i++) {
    const rank = level.get(violation[i] as number);
    if (rank !== undefined) ranks[i] = rank;
  }
  return ranks;
}

/** Crowding distance of every point within its own front. */
export function crowdingByFront(
  F: Float64Array,
  n: number,
  m: number,
  ranks: Uint32Array,
): Float64Array {
  const distance = new Float64Array(n);
  for (const front of frontsOf(ranks)) {
    const own = crowdingDistance(rows(F, m, front), front.length, m);
    for (let k = 0; k < front.length; k++) distance[front[k] as number] = own[k] as number;
  }
  return distance;
}

/** Indices of the `keep` points that survive, in increasing order. Throws RangeError when keep is not 0..n. */
export function survivors(
  F: Float64Array,
  n: number,
  m: number,
  keep: number,
  violation: Float64Array | null = null,
): Uint32Array {
  if (!Number.isInteger(keep) || keep < 0 || keep > n)
    throw new RangeError(`cannot keep ${keep} of ${n} points`);
  const ranks =
    violation === null ? nonDominatedRanks(F, n, m) : constrainedRanks(F, n, m, violation);
  const chosen = new Uint8Array(n);
  let places = keep;
  for (const front of frontsOf(ranks)) {
    if (places === 0) break;
    const taken = front.length <= places ? front : leastCrowded(F, m, front, places);
    for (const point of taken) chosen[point] = 1;
    places -= taken.length;
  }
  const result = new Uint32Array(keep);
  for (let i = 0, k = 0; i < n; i++) if (chosen[i] === 1) result[k++] = i;
  return result;
}

/** The `places` points of a front with the largest crowding distance. */
function leastCrowded(F: Float64Array, m: number, front: Uint32Array, places: number): Uint32Array {
  const nearness = crowdingDistance(rows(F, m, front), front.length, m);
  for (let k = 0; k < nearness.length; k++) nearness[k] = -(nearness[k] as number);
  return argsort(nearness, nearness.length, 1, 0)
    .subarray(0, places)
    .map((k) => front[k] as number);
}

/** Points by front, each in index order. */
export function frontsOf(ranks: Uint32Array): Uint32Array[] {
  const ends: number[] = [];
  for (const rank of ranks) {
    while (ends.length <= rank) ends.push(0);
    ends[rank] = (ends[rank] as number) + 1;
  }
  for (let rank = 1; rank < ends.length; rank++)
    ends[rank] = (ends[rank] as number) + (ends[rank - 1] as number);
  const points = new Uint32Array(ranks.length);
  const filled = [0, ...ends];
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i] as number;
    points[filled[rank] as number] = i;
    filled[rank] = (filled[rank] as number) + 1;
  }
  return ends.map((end, rank) => points.subarray(rank === 0 ? 0 : ends[rank - 1], end));
}

function rows(F: Float64Array, m: number, points: ArrayLike<number>): Float64Array {
  const part = new Float64Array(points.length * m);
  for (let k = 0, at = 0; k < points.length; k++) {
    const from = (points[k] as number) * m;
    for (let j = 0; j < m; j++) part[at++] = F[from + j] as number;
  }
  return part;
}
