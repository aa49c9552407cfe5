import { expect, test } from "vitest";
import { Scoreboard } from "./scoreboard.ts";
import { promptSaying, trialsOf } from "./testing/search-fixtures.ts";

const today = promptSaying("today", "Be brief.");
const suite = { requiredIds: new Set<string>(), repeatsDiffer: false };

function boardOf(changes: Partial<typeof suite> = {}): Scoreboard {
  const board = new Scoreboard(today, { ...suite, ...changes });
  board.keep(trialsOf("today", "ppppffffff"));
  return board;
}

test("a child that has hardly run is expected to do what its parent does", () => {
  const board = boardOf();
  const parent = promptSaying("parent", "Be brief.", "Name the units.");
  const child = promptSaying("child", "Be brief.", "Name the units.", "Check twice.");
  const other = promptSaying("other", "Be brief.", "Say please.");
  board.born([parent, child, other]);
  board.keep(trialsOf("parent", "ppppppppff"));
  expect(board.successOf("child")).toBeGreaterThan(board.successOf("today") + 0.1);
  expect(board.successOf("other")).toBeCloseTo(board.successOf("today"), 6);
});

test("a prompt that did the same as today's on all rows succeeds as often, one that did better more often", () => {
  const board = boardOf();
  board.born([promptSaying("same", "Be kind."), promptSaying("better", "Be exact.")]);
  board.keep([...trialsOf("same", "ppppffffff"), ...trialsOf("better", "pppppppfff")]);
  expect(Math.abs(board.successOf("same") - board.successOf("today"))).toBeLessThan(0.02);
  expect(board.chanceOfMore("better", "today")).toBeGreaterThan(0.75);
  expect(board.chanceOfMore("today", "better")).toBeCloseTo(
    1 - board.chanceOfMore("better", "today"),
    12,
  );
});

test("a trial that comes twice counts once", () => {
  const [once, twice] = [boardOf(), boardOf()];
  twice.keep(trialsOf("today", "ppppffffff"));
  expect(twice.measurements).toHaveLength(10);
  expect(twice.successOf("today")).toBe(once.successOf("today"));
});

test("cost and latency are compared on the rows that both ran, whatever those cost", () => {
  const board = new Scoreboard(today, suite);
  board.born([promptSaying("short", "Be quick.")]);
  const costs = trialsOf("today", "pppp").map((trial, i) => ({
    ...trial,
    costUsd: 0.01 * (i + 1),
  }));
  board.keep(costs);
  board.keep(costs.slice(0, 2).map((t) => ({ ...t, promptId: "short", costUsd: t.costUsd / 2 })));
  const [own, before] = [board.objectivesOf("short"), board.incumbentObjectives()];
  expect(own.costUsd).toBeCloseTo(before.costUsd / 2, 12);
  expect(board.isCheaper("short", "today")).toBe(true);
  expect(board.isCheaper("today", "short")).toBe(false);
});

test("success clearly below today's makes a prompt infeasible, by the distance", () => {
  const board = boardOf();
  board.born([promptSaying("bad", "Guess."), promptSaying("good", "Think.")]);
  board.keep([...trialsOf("bad", "ffffffffff"), ...trialsOf("good", "pppppppfff")]);
  const [bad, good] = board.scored(["bad", "good"]);
  expect(bad?.constraintViolation).toBeGreaterThan(0.02);
  expect(good?.constraintViolation).toBe(0);
});

test("a required benchmark that is lost makes a prompt infeasible: at once where repeats are copies, else when it failed twice", () => {
  const violationOf = (repeatsDiffer: boolean, outcomes: readonly string[]) => {
    const board = boardOf({ requiredIds: new Set(["row-0"]), repeatsDiffer });
    board.born([promptSaying("child", "Be exact.")]);
    board.keep(trialsOf("child", outcomes));
    return board.scored(["child"])[0]?.constraintViolation ?? 0;
  };
  expect(violationOf(false, ["fppppppppp"])).toBe(1);
  expect(violationOf(true, ["fppppppppp"])).toBe(0);
  expect(violationOf(true, ["fppppppppp", "f"])).toBe(1);
  expect(violationOf(true, ["fppppppppp", "p"])).toBe(0);
});

test("the archive holds who stayed in the race and is on the front, and nobody who left it", () => {
  const board = boardOf();
  board.born([promptSaying("better", "Be exact."), promptSaying("gone", "Be precise.")]);
  board.keep([...trialsOf("better", "pppppppppf"), ...trialsOf("gone", "pppppppppp")]);
  board.finished(["better"]);
  board.left(["gone"]);
  expect(board.archive()).toEqual(["better"]);
});

test("pass rates are a prompt's own, drawn a little to what is expected of it", () => {
  const rates = boardOf().passRates("today");
  expect(rates.size).toBe(10);
  expect(rates.get("row-0")).toBeGreaterThan(0.8);
  expect(rates.get("row-9")).toBeLessThan(0.2);
});
