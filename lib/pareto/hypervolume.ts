/**
 * Exact hypervolume: the volume that a set of points dominates below a reference point, all objectives minimised.
 * Points that are not below the reference in every objective add nothing. Two objectives: a sorted sweep, O(N log N).
 * Three: a sweep along the third over a staircase of the first two (Fonseca, Paquete & López-Ibáñez 2006), O(N log N)
 * but for the moves of an array-backed insertion. More: slicing off one objective at a time (HSO, While et al. 2006),
 * O(N^(M-2) · N log N) at worst, so four or more objectives are for some hundreds of points.
 */
import { argsort } from "./argsort.ts";
import { checkPoints, lastAtMost } from "./ranks.ts";

/**
 * Hypervolume of n points with m objectives, row-major, against `reference`. Throws RangeError unless the reference is
 * m finite numbers, for NaN among the points, and when the hypervolume is infinite.
 */
export function hypervolume(
  F: Float64Array,
  n: number,
  m: number,
  reference: readonly number[],
): number {
  checkPoints(F, n, m);
  if (reference.length !== m)
    throw new RangeError(`the reference needs ${m} numbers, got ${reference.length}`);
  if (!reference.every(Number.isFinite)) throw new RangeError("the reference must be finite");
  const result = volume(F, m, reference);
  if (!Number.isFinite(result)) throw new RangeError("the hypervolume is infinite");
  return result;
}

function volume(points: Float64Array, m: number, reference: readonly number[]): number {
  if (points.length === 0) return 0;
  if (m === 1) return distance(points, reference[0] as number);
  if (m === 2) return area(points, reference);
  return m === 3 ? sweep(points, reference) : slices(points, m, reference);
}

function distance(points: Float64Array, reference: number): number {
  return reference - points.reduce((least, x) => Math.min(least, x), reference);
}

function area(points: Float64Array, reference: readonly number[]): number {
  const [rx, ry] = reference as [number, number];
  let sum = 0;
  let floor = ry;
  for (const i of argsort(points, points.length / 2, 2, 0)) {
    const x = points[i * 2] as number;
    const y = points[i * 2 + 1] as number;
    if (x >= rx) break;
    if (y >= floor) continue;
    sum += (rx - x) * (floor - y);
    floor = y;
  }
  return sum;
}

function sweep(points: Float64Array, reference: readonly number[]): number {
  const [rx, ry, rz] = reference as [number, number, number];
  // The staircase of the points met so far: x increasing, y decreasing, closed by the reference on both sides.
  const xs = [Number.NEGATIVE_INFINITY, rx];
  const ys = [ry, Number.NEGATIVE_INFINITY];
  let covered = 0;
  let sum = 0;
  let z = 0;
  for (const i of argsort(points, points.length / 3, 3, 2)) {
    const x = points[i * 3] as number;
    const y = points[i * 3 + 1] as number;
    const level = points[i * 3 + 2] as number;
    if (level >= rz) break;
    const left = lastAtMost(xs, x, xs.length);
    // Dominated by a point met before, or not below the reference.
    if ((ys[left] as number) <= y) continue;
    sum += covered * (level - z);
    z = level;
    // Steps from here on that are not below y are covered by the new one, which gains the area between.
    const from = xs[left] === x ? left : left + 1;
    let to = from;
    let edge = x;
    let roof = ys[left] as number;
    if (to === left) to++;
    while ((ys[to] as number) >= y) {
      covered += ((xs[to] as number) - edge) * (roof - y);
      edge = xs[to] as number;
      roof = ys[to] as number;
      to++;
    }
    covered += ((xs[to] as number) - edge) * (roof - y);
    if (to - from === 1) {
      xs[from] = x;
      ys[from] = y;
    } else {
      xs.splice(from, to - from, x);
      ys.splice(from, to - from, y);
    }
  }
  return sum + covered * (rz - z);
}

function slices(points: Float64Array, m: number, reference: readonly number[]): number {
  const last = m - 1;
  const order = argsort(points, points.length / m, m, last);
  const height = (i: number) => points[i * m + last] as number;
  const rest = reference.slice(0, last);
  // Slab k lies between the k-th height and the next, and holds the first k + 1 points without their last objective.
  const flat = new Float64Array(order.length * last);
  let sum = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k] as number;
    for (let j = 0; j < last; j++) flat[k * last + j] = points[i * m + j] as number;
    const next = order[k + 1];
    const ceiling = reference[last] as number;
    const thickness = Math.min(ceiling, next === undefined ? ceiling : height(next)) - height(i);
    if (thickness > 0) sum += thickness * volume(flat.subarray(0, (k + 1) * last), last, rest);
  }
  return sum;
}
