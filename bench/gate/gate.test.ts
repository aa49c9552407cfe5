import { expect, test } from "vitest";
import { type Cell, measure, type Rule } from "./measure.ts";
import { studentTail } from "./student-t.ts";
import { type World, worlds } from "./worlds.ts";

const options = { runs: 200, alpha: 0.05, looks: 4, seed: 1 };
const rateOf = (cell: Cell, rule: Rule) => cell.proven.find((share) => share.rule === rule)?.rate;
const ofKind = (kind: World["kind"]) => worlds.filter((world) => world.kind === kind);
/** Three standard errors above 5 %, in 200 runs. */
const atMost = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / options.runs);

test("prompts that swap passes are called better in about 5 % at most", () => {
  const swaps = ofKind("swap");
  expect(swaps).toHaveLength(18);
  for (const world of swaps)
    expect(rateOf(measure(world, { ...options, rows: 44 }), "signs"), world.name).toBeLessThan(
      atMost,
    );
}, 60_000);

test("an uneven null fools the signs, also with Student's t, and not the test of bounded means", () => {
  let fooled = 0;
  for (const world of ofKind("skewed"))
    for (const rows of [20, 40]) {
      const cell = measure(world, { ...options, rows });
      expect(rateOf(cell, "signs+bounded"), world.name).toBeLessThan(atMost);
      fooled = Math.max(fooled, rateOf(cell, "signs+t") ?? 0);
    }
  expect(fooled).toBeGreaterThan(0.4);
}, 60_000);

test("a gain of 30 points is proven on 40 rows, and the proof stops before the last of them", () => {
  for (const world of ofKind("gain").filter(({ gain }) => gain === 0.3)) {
    const cell = measure(world, { ...options, rows: 40 });
    expect(rateOf(cell, "signs+bounded"), world.name).toBeGreaterThan(0.75);
    expect(cell.meanRows, world.name).toBeLessThan(36);
  }
});

test("with one trial an arm no rule of signs differs from another, and a cell repeats to the digit", () => {
  const [world] = ofKind("gain");
  if (world === undefined) throw new Error("there is no world with a gain");
  const cell = measure(world, { ...options, rows: 40 });
  expect(rateOf(cell, "signs+bounded")).toBe(rateOf(cell, "signs"));
  expect(measure(world, { ...options, rows: 40 })).toEqual(cell);
});

test("Student's tail answers the tables", () => {
  expect(studentTail(2.0930240544, 19)).toBeCloseTo(0.025, 8);
  expect(studentTail(1.6848751217, 39)).toBeCloseTo(0.05, 8);
  expect(studentTail(1, 1)).toBeCloseTo(0.25, 10);
  expect(studentTail(-1, 1)).toBeCloseTo(0.75, 10);
  expect(studentTail(0, 7)).toBeCloseTo(0.5, 10);
});
