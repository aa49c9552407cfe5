import { expect, test } from "vitest";
import { Scoreboard } from "../scoreboard.ts";
import { promptSaying, rowsOf, trialsOf } from "../testing/search-fixtures.ts";
import { ordersUpTo } from "./rung-orders.ts";

const today = promptSaying("today");
const child = promptSaying("child", "Be exact.");

function ordered(trials: number, repeatsDiffer: boolean, known = ""): string[] {
  const board = new Scoreboard(today, { requiredIds: new Set(), repeatsDiffer });
  board.born([child]);
  board.keep(trialsOf("child", known));
  const orders = ordersUpTo(child, trials, {
    rows: rowsOf(3),
    repeatsDiffer,
    repeatOffset: 0,
    board,
    arm: "candidate",
    experimentId: "e",
  });
  return orders.map(({ benchmark, repeat }) => `${benchmark.id}/${repeat}`);
}

test("new rows come before new repeats, and only where repeats differ are there any", () => {
  expect(ordered(5, true)).toEqual(["row-0/0", "row-1/0", "row-2/0", "row-0/1", "row-1/1"]);
  expect(ordered(5, false)).toEqual(["row-0/0", "row-1/0", "row-2/0"]);
});

test("what is known is not ordered again", () => {
  expect(ordered(3, false, "pf")).toEqual(["row-2/0"]);
});
