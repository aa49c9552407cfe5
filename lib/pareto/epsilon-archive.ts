/**
 * ε-dominance archive (Laumanns, Thiele, Deb & Zitzler 2002): the space is cut into boxes of side ε, boxes are compared
 * instead of points, and each box that no other dominates keeps one member. Everything is minimised. Invariant: every
 * point given is within ε of dominated by some member, so the archive is a readable front that loses nothing of size.
 */

/** Indices of the members, in increasing order. Throws RangeError for a side that is not above 0. */
export function epsilonArchive(
  points: readonly (readonly number[])[],
  sides: readonly number[],
): number[] {
  if (sides.some((side) => !(side > 0))) throw new RangeError("the side of a box must be above 0");
  const boxes = points.map((point) =>
    point.map((value, k) => Math.floor(value / (sides[k] ?? 1) + 1e-9)),
  );
  const firstInBox = new Map<string, number>();
  for (const [i, box] of boxes.entries()) {
    const key = box.join("/");
    const other = firstInBox.get(key);
    if (other === undefined || isBetterInBox(points, boxes, sides, i, other))
      firstInBox.set(key, i);
  }
  const members = [...firstInBox.values()].sort((a, b) => a - b);
  return members.filter(
    (i) => !members.some((j) => j !== i && isBelow(boxes[j] ?? [], boxes[i] ?? [])),
  );
}

/** In a box the dominating point stays, else the one nearest to the box's best corner; ties keep the earlier. */
function isBetterInBox(
  points: readonly (readonly number[])[],
  boxes: readonly (readonly number[])[],
  sides: readonly number[],
  a: number,
  b: number,
): boolean {
  const [p, q] = [points[a] ?? [], points[b] ?? []];
  if (isBelow(p, q)) return true;
  if (isBelow(q, p)) return false;
  const toCorner = (point: readonly number[], box: readonly number[]) =>
    point.reduce((sum, value, k) => sum + (value / (sides[k] ?? 1) - (box[k] ?? 0)) ** 2, 0);
  return toCorner(p, boxes[a] ?? []) < toCorner(q, boxes[b] ?? []);
}

function isBelow(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, k) => value <= (b[k] ?? 0)) && a.some((value, k) => value < (b[k] ?? 0));
}
