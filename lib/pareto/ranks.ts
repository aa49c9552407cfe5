/**
 * Non-dominated sorting: the front of each point, 0 first. A point's front is the length of its longest chain of
 * dominators, so points are visited in lexicographic order and each looks, by binary search, for the first front that
 * does not dominate it; equal points share a front. With two objectives one number a front suffices, with three a
 * staircase a front: O(N log N) both (Jensen 2003; Kung, Luccio & Preparata 1975). With more, a point is compared with
 * the members of a front (Zhang et al. 2015, efficient non-dominated sort): O(M N²) at worst.
 * Everything is minimised. Invariant: whatever a later front dominates, every earlier one dominates too.
 */
import { lexicographicOrder } from "./argsort.ts";

/** Ranks of n points with m objectives, row-major. Throws RangeError for NaN or a wrong length. */
export function nonDominatedRanks(F: Float64Array, n: number, m: number): Uint32Array {
  checkPoints(F, n, m);
  const order = lexicographicOrder(F, n, m);
  if (m <= 2) return lineRanks(F, m, order);
  return m === 3 ? staircaseRanks(F, order) : memberRanks(F, m, order);
}

/** Throws RangeError unless F holds n × m numbers. */
export function checkPoints(F: Float64Array, n: number, m: number): void {
  if (!Number.isInteger(n) || n < 0 || !Number.isInteger(m) || m < 1 || F.length !== n * m)
    throw new RangeError(`expected ${n} × ${m} values, got ${F.length}`);
  for (let i = 0; i < F.length; i++) {
    if (Number.isNaN(F[i]))
      throw new RangeError(`objective ${i % m} of point ${Math.floor(i / m)} is NaN`);
  }
}

/** One or two objectives: a front dominates whatever lies at or above its smallest last objective. */
function lineRanks(F: Float64Array, m: number, order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  const floors = new Float64Array(order.length);
  let fronts = 0;
  let rank = 0;
  let previousX = Number.NaN;
  let previousY = Number.NaN;
  for (let i = 0; i < order.length; i++) {
    const point = order[i] as number;
    const x = F[point * m] as number;
    const y = F[point * m + m - 1] as number;
    if (x !== previousX || y !== previousY) {
      rank = lastAtMost(floors, y, fronts) + 1;
      floors[rank] = y;
      if (rank === fronts) fronts++;
      previousX = x;
      previousY = y;
    }
    ranks[point] = rank;
  }
  return ranks;
}

/** A front's members so far in its second and third objective: y increasing, z decreasing. */
interface Staircase {
  ys: number[];
  zs: number[];
}

function staircaseRanks(F: Float64Array, order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  const fronts: Staircase[] = [];
  let previous = -1;
  for (const point of order) {
    if (previous >= 0 && equalRows(F, 3, previous, point)) {
      ranks[point] = ranks[previous] as number;
      continue;
    }
    const y = F[point * 3 + 1] as number;
    const z = F[point * 3 + 2] as number;
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isUnder(fronts[middle] as Staircase, y, z)) low = middle + 1;
      else high = middle;
    }
    if (low === fronts.length) fronts.push({ ys: [y], zs: [z] });
    else addStep(fronts[low] as Staircase, y, z);
    ranks[point] = low;
    previous = point;
  }
  return ranks;
}

function isUnder({ ys, zs }: Staircase, y: number, z: number): boolean {
  const step = lastAtMost(ys, y, ys.length);
  return step >= 0 && (zs[step] as number) <= z;
}

/** Adds a step that the staircase is not under, and removes the steps that it covers. */
function addStep({ ys, zs }: Staircase, y: number, z: number): void {
  const left = lastAtMost(ys, y, ys.length);
  const from = left >= 0 && ys[left] === y ? left : left + 1;
  let to = from;
  while (to < zs.length && (zs[to] as number) >= z) to++;
  if (to - from === 1) {
    ys[from] = y;
    zs[from] = z;
  } else {
    ys.splice(from, to - from, y);
    zs.splice(from, to - from, z);
  }
}

/** Any number of objectives: a front's members so far, less the first objective, which the order has settled. */
function memberRanks(F: Float64Array, m: number, order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  const fronts: number[][] = [];
  let previous = -1;
  for (const point of order) {
    if (previous >= 0 && equalRows(F, m, previous, point)) {
      ranks[point] = ranks[previous] as number;
      continue;
    }
    const tail = F.subarray(point * m + 1, point * m + m);
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (someCovers(fronts[middle] as number[], tail)) low = middle + 1;
      else high = middle;
    }
    if (low === fronts.length) fronts.push([]);
    (fronts[low] as number[]).push(...tail);
    ranks[point] = low;
    previous = point;
  }
  return ranks;
}

/** True when a member is at most the point everywhere. The newest come first, since they cover most often. */
function someCovers(members: readonly number[], point: Float64Array): boolean {
  const m = point.length;
  const last = point[m - 1] as number;
  for (let end = members.length - 1; end > 0; end -= m) {
    if ((members[end] as number) > last) continue;
    let k = 1;
    while (k < m && (members[end - k] as number) <= (point[m - 1 - k] as number)) k++;
    if (k === m) return true;
  }
  return false;
}

/** Index of the last of the first `length` values that is ≤ limit, -1 when there is none; values increase. */
export function lastAtMost(values: ArrayLike<number>, limit: number, length: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function equalRows(F: Float64Array, m: number, a: number, b: number): boolean {
  for (let k = 0; k < m; k++) if (F[a * m + k] !== F[b * m + k]) return false;
  return true;
}
