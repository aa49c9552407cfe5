import fc from "fast-check";
import { expect, test } from "vitest";
import { draw, seedOf } from "./random.ts";

test("equal arguments give equal draws, and any difference gives others", () => {
  const first = (seed: number, ...path: (string | number)[]) => draw(seed, ...path).next();
  expect(first(1, "a", 2)).toBe(first(1, "a", 2));
  const values = [
    first(1, "a", 2),
    first(2, "a", 2),
    first(1, "b", 2),
    first(1, "a", "2"),
    first(1, "a2"),
  ];
  expect(new Set(values).size).toBe(values.length);
});

test("recorded draws stay as they are, so stored runs replay", () => {
  const draws = draw(7, "generation", 3);
  expect([draws.int(1000), draws.int(1000), draws.int(1000)]).toMatchInlineSnapshot(`
    [
      192,
      224,
      459,
    ]
  `);
});

test("neighbouring seeds are independent: their first draws are uniform", () => {
  const values = Array.from({ length: 4000 }, (_, seed) => draw(seed, "x").next());
  const tenths = Array.from(
    { length: 10 },
    (_, k) => values.filter((v) => Math.floor(v * 10) === k).length,
  );
  for (const count of tenths) expect(Math.abs(count - 400)).toBeLessThan(80);
});

test("a shuffle is a permutation and a weighted draw never takes weight 0", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer(), { maxLength: 30 }), (seed, items) => {
      const shuffled = draw(seed, "shuffle").shuffle(items);
      expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
    }),
  );
  for (let seed = 0; seed < 200; seed++)
    expect(draw(seed).weighted(["a", "b", "c"], [0, 1, 0])).toBe("b");
});

test("what cannot be drawn is refused", () => {
  expect(() => draw(1).pick([])).toThrow(RangeError);
  expect(() => draw(1).int(0)).toThrow(RangeError);
  expect(() => draw(1).weighted(["a"], [0])).toThrow(RangeError);
  expect(seedOf(1, "x")).toBeLessThan(2 ** 31);
});
