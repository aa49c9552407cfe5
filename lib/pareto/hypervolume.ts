/**
 * Exact hypervolume: the volume that a set of points dominates below a reference point, all objectives minimised.
 * Points that are not below the reference in every objective add nothing. Two objectives: a sorted sweep, O(N log N).
 * Three: a sweep along the third with a staircase of the first two (Fonseca, Paquete & López-Ibáñez 2006),
 * O(N log N) searches with array-backed insertion. More: slicing one objective at a time (HSO, While et al. 2006),
 * exponential in M and meant for small sets.
 */
import { argsort } from "./argsort.ts";
import { checkPoints, lastAtMost } from "./ranks.ts";

/** Hypervolume of n points with m objectives, row-major, against `reference` (m numbers). */
export function hypervolume(
  F: Float64Array,
  n: number,
  m: number,
  reference: readonly number[],
): number {
  checkPoints(F, n, m);
  if (reference.length !== m || reference.some(Number.isNaN)) {
    throw new RangeError(`the reference needs ${m} numbers, got ${reference.length}`);
  }
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (isInside(F, i, m, reference)) kept.push(i);
  if (kept.length === 0) return 0;
  const points = new Float64Array(kept.length * m);
  for (const [k, i] of kept.entries())
    for (let j = 0; j < m; j++) points[k * m + j] = F[i * m + j] as number;
  return volume(points, kept.length, m, reference);
}

function volume(points: Float64Array, n: number, m: number, reference: readonly number[]): number {
  if (m === 1)
    return (
      (reference[0] as number) -
      points.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY)
    );
  if (m === 2) return area(points, n, reference);
  if (m === 3) return sweep(points, n, reference);
  return slice(points, n, m, reference);
}

function isInside(F: Float64Array, i: number, m: number, reference: readonly number[]): boolean {
  for (let j = 0; j < m; j++)
    if (!((F[i * m + j] as number) < (reference[j] as number))) return false;
  return true;
}

function column(points: Float64Array, n: number, m: number, j: number): Float64Array {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = points[i * m + j] as number;
  return values;
}

function area(points: Float64Array, n: number, reference: readonly number[]): number {
  const [rx, ry] = reference as [number, number];
  let sum = 0;
  let floor = ry;
  for (const i of argsort(column(points, n, 2, 0))) {
    const y = points[i * 2 + 1] as number;
    if (y >= floor) continue;
    sum += (rx - (points[i * 2] as number)) * (floor - y);
    floor = y;
  }
  return sum;
}

function sweep(points: Float64Array, n: number, reference: readonly number[]): number {
  const [rx, ry, rz] = reference as [number, number, number];
  // The staircase of the points met so far: x increasing, y decreasing, closed by the reference on both sides.
  const xs = [Number.NEGATIVE_INFINITY, rx];
  const ys = [ry, Number.NEGATIVE_INFINITY];
  let covered = 0;
  let sum = 0;
  let z = 0;
  for (const i of argsort(column(points, n, 3, 2))) {
    const x = points[i * 3] as number;
    const y = points[i * 3 + 1] as number;
    const level = points[i * 3 + 2] as number;
    sum += covered * (level - z);
    z = level;
    const left = lastAtMost(xs, x);
    if ((ys[left] as number) <= y) continue; // dominated in x and y by an earlier, hence lower point
    const from = xs[left] === x ? left : left + 1;
    let to = from;
    let gained = 0;
    let roof = xs[left] === x ? (ys[left - 1] as number) : (ys[left] as number);
    roof = xs[left] === x ? (ys[left] as number) : roof;
    let edge = x;
    while ((ys[to] as number) >= y) {
      const next = xs[to] as number;
      gained += (next - edge) * (roof - y);
      edge = next;
      roof = ys[to] as number;
      to++;
    }
    gained += ((xs[to] as number) - edge) * (roof - y);
    covered += gained;
    xs.splice(from, to - from, x);
    ys.splice(from, to - from, y);
  }
  return sum + covered * (rz - z);
}

function slice(points: Float64Array, n: number, m: number, reference: readonly number[]): number {
  const last = m - 1;
  const order = argsort(column(points, n, m, last));
  const rest = reference.slice(0, last);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const from = points[(order[k] as number) * m + last] as number;
    const to =
      k + 1 < n
        ? (points[(order[k + 1] as number) * m + last] as number)
        : (reference[last] as number);
    if (to === from) continue;
    const slab = new Float64Array((k + 1) * last);
    for (let i = 0; i <= k; i++) {
      for (let j = 0; j < last; j++)
        slab[i * last + j] = points[(order[i] as number) * m + j] as number;
    }
    sum += (to - from) * volume(slab, k + 1, last, rest);
  }
  return sum;
}
