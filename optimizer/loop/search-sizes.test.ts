import { expect, test } from "vitest";
import { rowsOf } from "../testing/search-fixtures.ts";
import { aimsOf } from "./aim.ts";
import { scoringRows, sizesOf } from "./search-sizes.ts";

const plan = (trials: number, finalists = 1) => ({
  race: { trials },
  proof: { rows: 40, repeats: 1, finalists, looks: 4, trials: 80 },
});

test("at least a third of the learning rows score no prompt: examples come from them", () => {
  for (const rows of [3, 20, 44, 120]) {
    const { scoringRows: scoring } = sizesOf({}, plan(280), rows);
    expect(scoring).toBeGreaterThan(0);
    expect(scoring).toBeLessThanOrEqual(Math.ceil((2 * rows) / 3));
  }
  expect(sizesOf({}, plan(280), 120).scoringRows).toBe(40);
});

test("what the configuration says wins over what the budget would have", () => {
  const own = { generations: 3, populationSize: 5, offspringSize: 7 };
  expect(sizesOf(own, plan(280), 120)).toMatchObject({
    generationsMax: 3,
    populationSize: 5,
    offspringSize: 7,
  });
  expect(sizesOf({}, plan(2_000, 3), 120).contenders).toBe(4);
});

test("the rows that score are the first of the order", () => {
  const order = ["row-2", "row-0", "row-1"];
  expect(scoringRows(rowsOf(3), order, { scoringRows: 2 }).map(({ id }) => id)).toEqual(
    order.slice(0, 2),
  );
});

test("the first part of the trials goes to success alone, then every second child is for the front", () => {
  const early = aimsOf(3, { generation: 4, isForFront: false });
  expect(new Set(early)).toEqual(new Set(["success"]));
  const late = [0, 1, 2, 3].flatMap((generation) => aimsOf(3, { generation, isForFront: true }));
  expect(late.filter((aim) => aim === "front")).toHaveLength(6);
});
