/**
 * Non-dominated sorting: the front of each point, 0 first. A point's front is the length of its longest chain of
 * dominators, so points are visited in lexicographic order and each looks, by binary search, for the first front that
 * does not dominate it; equal points share a front. With two objectives one number a front suffices, with three a
 * staircase a front: O(N log N) both (Jensen 2003; Kung, Luccio & Preparata 1975). With more, a point is compared with
 * the members of a front (Zhang et al. 2015, efficient non-dominated sort): O(M N²) at worst.
 * Everything is minimised.
 */
import { lexicographicOrder } from "./argsort.ts";

/** Ranks of n points with m objectives, row-major. Throws RangeError for NaN or a wrong length. */
export function nonDominatedRanks(F: Float64Array, n: number, m: number): Uint32Array {
  checkPoints(F, n, m);
  const ranks = new Uint32Array(n);
  if (n === 0) return ranks;
  const order = lexicographicOrder(F, n, m);
  const fronts = m <= 2 ? lineFronts(F, m) : m === 3 ? staircaseFronts(F) : memberFronts(F, m);
  let previous = order[0] as number;
  for (let k = 0; k < n; k++) {
    const point = order[k] as number;
    if (k > 0 && equalRows(F, m, previous, point)) {
      ranks[point] = ranks[previous] as number;
    } else {
      let low = 0;
      let high = fronts.count();
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (fronts.dominates(middle, point)) low = middle + 1;
        else high = middle;
      }
      fronts.add(low, point);
      ranks[point] = low;
    }
    previous = point;
  }
  return ranks;
}

/** Throws RangeError unless F holds n × m numbers. */
export function checkPoints(F: Float64Array, n: number, m: number): void {
  if (m < 1 || F.length !== n * m)
    throw new RangeError(`expected ${n} × ${m} values, got ${F.length}`);
  for (let i = 0; i < F.length; i++) {
    if (Number.isNaN(F[i]))
      throw new RangeError(`objective ${i % m} of point ${Math.floor(i / m)} is NaN`);
  }
}

/** The fronts built so far; `dominates` is monotone in the front's number, which makes the binary search right. */
interface Fronts {
  count(): number;
  dominates(front: number, point: number): boolean;
  add(front: number, point: number): void;
}

/** One or two objectives: a front dominates whatever lies at or above its smallest last objective. */
function lineFronts(F: Float64Array, m: number): Fronts {
  const tails: number[] = [];
  const last = (point: number) => F[point * m + m - 1] as number;
  return {
    count: () => tails.length,
    dominates: (front, point) => (tails[front] as number) <= last(point),
    add: (front, point) => {
      tails[front] = last(point);
    },
  };
}

/** Three objectives: a front's members so far as a staircase, y increasing and z decreasing. */
function staircaseFronts(F: Float64Array): Fronts {
  const ys: number[][] = [];
  const zs: number[][] = [];
  return {
    count: () => ys.length,
    dominates: (front, point) => {
      const at = lastAtMost(ys[front] as number[], F[point * 3 + 1] as number);
      return at >= 0 && ((zs[front] as number[])[at] as number) <= (F[point * 3 + 2] as number);
    },
    add: (front, point) => {
      const y = F[point * 3 + 1] as number;
      const z = F[point * 3 + 2] as number;
      if (front === ys.length) {
        ys.push([y]);
        zs.push([z]);
        return;
      }
      const stepYs = ys[front] as number[];
      const stepZs = zs[front] as number[];
      let from = lastAtMost(stepYs, y);
      from = from >= 0 && stepYs[from] === y ? from : from + 1;
      let to = from;
      while (to < stepZs.length && (stepZs[to] as number) >= z) to++;
      stepYs.splice(from, to - from, y);
      stepZs.splice(from, to - from, z);
    },
  };
}

/** Any number of objectives: the members themselves, newest first, since they dominate most often. */
function memberFronts(F: Float64Array, m: number): Fronts {
  const members: number[][] = [];
  return {
    count: () => members.length,
    dominates: (front, point) => {
      const list = members[front] as number[];
      for (let i = list.length - 1; i >= 0; i--) {
        if (covers(F, m, list[i] as number, point)) return true;
      }
      return false;
    },
    add: (front, point) => {
      if (front === members.length) members.push([point]);
      else (members[front] as number[]).push(point);
    },
  };
}

/** Index of the last value ≤ limit in an increasing list, -1 when there is none. */
export function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** True when a is at most b in every objective but the first, which the order has settled. */
function covers(F: Float64Array, m: number, a: number, b: number): boolean {
  for (let k = 1; k < m; k++) if ((F[a * m + k] as number) > (F[b * m + k] as number)) return false;
  return true;
}

function equalRows(F: Float64Array, m: number, a: number, b: number): boolean {
  for (let k = 0; k < m; k++) if (F[a * m + k] !== F[b * m + k]) return false;
  return true;
}
