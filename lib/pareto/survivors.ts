/**
 * Rank-and-crowding survival of NSGA-II (Deb et al. 2002): whole fronts are taken while they fit; of the first front
 * that does not, the least crowded points fill the places left. Crowding is computed once, ties go to the lower index.
 */
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
    for (const [k, point] of front.entries()) distance[point] = own[k] as number;
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
  const chosen: number[] = [];
  for (const front of frontsOf(ranks)) {
    const places = keep - chosen.length;
    if (places === 0) break;
    if (front.length <= places) {
      for (const point of front) chosen.push(point);
    } else {
      const distance = crowdingDistance(rows(F, m, front), front.length, m);
      const order = front
        .map((_, k) => k)
        .sort((a, b) => (distance[b] as number) - (distance[a] as number) || a - b);
      for (const k of order.slice(0, places)) chosen.push(front[k] as number);
    }
  }
  return Uint32Array.from(chosen).sort();
}

/** Points by front, in index order. */
export function frontsOf(ranks: Uint32Array): number[][] {
  const fronts: number[][] = [];
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i] as number;
    while (fronts.length <= rank) fronts.push([]);
    (fronts[rank] as number[]).push(i);
  }
  return fronts;
}

function rows(F: Float64Array, m: number, points: readonly number[]): Float64Array {
  const part = new Float64Array(points.length * m);
  for (const [k, point] of points.entries()) {
    for (let j = 0; j < m; j++) part[k * m + j] = F[point * m + j] as number;
  }
  return part;
}
