import fc from "fast-check";
import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { argsort, lexicographicOrder } from "./argsort.ts";

/** The definition: by the given columns, ties by index. */
function naiveOrder(F: Float64Array, n: number, m: number, columns: readonly number[]): number[] {
  const compare = (a: number, b: number) => {
    for (const k of columns) {
      const [x, y] = [F[a * m + k] ?? 0, F[b * m + k] ?? 0];
      if (x !== y) return x < y ? -1 : 1;
    }
    return a - b;
  };
  return Array.from({ length: n }, (_, i) => i).sort(compare);
}

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Number.POSITIVE_INFINITY),
);

test("every float is put in numeric order, ties by index, whatever the size", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200, size: "max" }), (values) => {
      const F = Float64Array.from(values);
      expect(Array.from(argsort(F, F.length, 1, 0))).toEqual(naiveOrder(F, F.length, 1, [0]));
    }),
  );
});

test.each([
  ["that differ in the last bits only", (u: number) => 1 + Math.floor(u * 50) * Number.EPSILON],
  ["of many magnitudes", (u: number) => (u - 0.5) * 10 ** Math.floor(u * 600 - 300)],
  ["with few distinct values", (u: number) => Math.floor(u * 5) - 2],
])("large columns %s are sorted stably", (_, make) => {
  for (const n of [64, 1_000, 20_000]) {
    const draws = draw(1, n);
    const F = Float64Array.from({ length: 2 * n }, () => make(draws.next()));
    expect(Array.from(argsort(F, n, 2, 1))).toEqual(naiveOrder(F, n, 2, [1]));
  }
});

test("the lexicographic order equals the naive one with no, few and many equal values in a column", () => {
  for (const n of [0, 1, 50, 500]) {
    for (const m of [1, 2, 3, 4]) {
      for (const distinct of [2, 40, 1_000_000]) {
        const draws = draw(1, n, m, distinct);
        const F = Float64Array.from({ length: n * m }, () => draws.int(distinct) - distinct / 2);
        const columns = Array.from({ length: m }, (_, k) => k);
        expect(Array.from(lexicographicOrder(F, n, m))).toEqual(naiveOrder(F, n, m, columns));
      }
    }
  }
});
