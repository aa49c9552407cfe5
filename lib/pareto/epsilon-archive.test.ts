import fc from "fast-check";
import { expect, test } from "vitest";
import { dominates } from "./dominance.ts";
import { epsilonArchive } from "./epsilon-archive.ts";

const sides = [0.05, 0.1, 0.2];
const points = fc.array(fc.tuple(...sides.map(() => fc.double({ min: -2, max: 2, noNaN: true }))), {
  minLength: 1,
  maxLength: 40,
});
const boxOf = (point: readonly number[]) =>
  point.map((value, k) => Math.floor(value / (sides[k] ?? 1) + 1e-9));

test("a box has one member, and no member's box is dominated", () => {
  fc.assert(
    fc.property(points, (all) => {
      const boxes = epsilonArchive(all, sides).map((i) => boxOf(all[i] ?? []));
      expect(new Set(boxes.map(String)).size).toBe(boxes.length);
      for (const a of boxes) for (const b of boxes) expect(dominates(a, b)).toBe(false);
    }),
  );
});

test("every point is within one side of some member that is no worse", () => {
  fc.assert(
    fc.property(points, (all) => {
      const members = epsilonArchive(all, sides).map((i) => all[i] ?? []);
      for (const point of all) {
        const covered = members.some((member) =>
          member.every((value, k) => value <= (point[k] ?? 0) + (sides[k] ?? 0) * (1 + 1e-6)),
        );
        expect(covered).toBe(true);
      }
    }),
  );
});

test("in one box the dominating point stays, else the one nearest to the best corner, else the first", () => {
  const one = [1, 1];
  expect(
    epsilonArchive(
      [
        [0.5, 0.5],
        [0.2, 0.4],
      ],
      one,
    ),
  ).toEqual([1]);
  expect(
    epsilonArchive(
      [
        [0.1, 0.9],
        [0.5, 0.2],
      ],
      one,
    ),
  ).toEqual([1]);
  expect(
    epsilonArchive(
      [
        [0.3, 0.3],
        [0.3, 0.3],
      ],
      one,
    ),
  ).toEqual([0]);
  expect(() => epsilonArchive([[1]], [0])).toThrow(RangeError);
});
