import { expect, test } from "vitest";
import type { Evaluator, TrialOrder } from "../ports.ts";
import { Scoreboard } from "../scoreboard.ts";
import { promptSaying, rowsOf, trialsOf } from "../testing/search-fixtures.ts";
import { contendersOf, finalistsOf, payable, topUp } from "./finalists.ts";
import { TrialBudget } from "./trial-budget.ts";

const today = promptSaying("today", "Be brief.");

function boardOf(prompts: Record<string, { outcomes: string; costUsd?: number }>): Scoreboard {
  const board = new Scoreboard(today, { requiredIds: new Set(), repeatsDiffer: false });
  board.keep(trialsOf("today", "pppppfffff"));
  board.born(Object.keys(prompts).map((id) => promptSaying(id, `Do as ${id} says.`)));
  for (const [id, { outcomes, costUsd = 0.01 }] of Object.entries(prompts))
    board.keep(trialsOf(id, outcomes, { costUsd }));
  return board;
}
const choice = (ids: readonly string[], finalistsMax = 3) => ({
  incumbentId: "today",
  candidateIds: ["today", ...ids],
  finalistsMax,
});

test("the most successful go to the proof first, as many as it takes", () => {
  const board = boardOf({ good: { outcomes: "pppppppfff" }, best: { outcomes: "pppppppppp" } });
  expect(finalistsOf(board, choice(["good", "best"]))).toEqual(["best", "good"]);
  expect(finalistsOf(board, choice(["good", "best"], 1))).toEqual(["best"]);
});

test("what is no better than today's prompt goes to the proof only when it does as well for less", () => {
  const board = boardOf({
    equal: { outcomes: "pppppfffff" },
    cheap: { outcomes: "pppppfffff", costUsd: 0.004 },
    worse: { outcomes: "ffffffffff", costUsd: 0.001 },
  });
  const found = finalistsOf(board, choice(["worse", "cheap"]));
  expect(found).toEqual(["cheap"]);
  expect(contendersOf(board, choice(["worse", "cheap"]))).toEqual(["cheap", "worse"]);
});

test("contenders run on at the same pace until they have their trials or the budget is used up", async () => {
  const orders: TrialOrder[] = [];
  const evaluator: Evaluator = {
    evaluate: async (asked) => {
      orders.push(...asked);
      return asked.map(() => ({ state: "refused", reason: "stopped" }));
    },
  };
  const run = async (trialsMax: number, answers = evaluator, guardIds: readonly string[] = []) => {
    orders.length = 0;
    const board = boardOf({ a: { outcomes: "ppp" }, b: { outcomes: "pppp" } });
    const budget = new TrialBudget(trialsMax);
    const measured = await topUp(
      {
        board,
        budget,
        prompts: [promptSaying("a", "Do as a says."), promptSaying("b", "Do as b says.")],
        trials: 6,
        finalistsMax: 1,
        guardIds,
        rows: rowsOf(8),
        repeatsDiffer: false,
        repeatOffset: 0,
        spendMaxUsd: 10,
        experimentId: (id) => id,
      },
      answers,
    );
    return { measured, budget };
  };
  // The first step takes a to four rows; a refusal ends it.
  const { measured } = await run(100);
  expect(orders.map(({ prompt, benchmark }) => `${prompt.id} ${benchmark.id}`)).toEqual([
    "a row-3",
  ]);
  expect(measured.stopped).toBe("stopped");
  const passing: Evaluator = {
    evaluate: async (asked) => {
      orders.push(...asked);
      return asked.map(() => ({
        state: "done",
        replayed: false,
        result: {
          outcome: "success",
          score: 1,
          costUsd: 0.01,
          inputTokens: 1,
          outputTokens: 1,
          latencyMs: 1,
          failure: null,
          agents: [],
          steps: [],
          criticVerdict: null,
          simulated: true,
        },
      }));
    },
  };
  await run(100, passing);
  expect(orders).toHaveLength(3 + 2);
  // A step that the budget does not reach for is not begun.
  const { budget } = await run(4, passing);
  expect(orders.map(({ prompt }) => prompt.id)).toEqual(["a"]);
  expect(budget.left).toBe(3);
  // What the regression run of either may need is kept.
  await run(5, passing, ["row-4", "row-5", "row-6"]);
  expect(orders).toHaveLength(1);
  await run(8, passing, ["row-4", "row-5", "row-6"]);
  expect(orders).toHaveLength(5);
});

test("only finalists whose regression runs can be paid go to the proof", () => {
  const board = boardOf({ a: { outcomes: "ppp" }, b: { outcomes: "ppppp" } });
  const budget = new TrialBudget(2);
  const guardIds = ["row-0", "row-3", "row-4", "row-5"];
  expect(payable(["a", "b"], { board, budget, guardIds, repeatOffset: 0 })).toEqual(["b"]);
  expect(payable(["a", "b"], { board, budget, guardIds: [], repeatOffset: 0 })).toEqual(["a", "b"]);
});

test("a contender that did what a better one did on twelve rows runs no further, unless repeats differ", async () => {
  const twelve = "pppppppfffff";
  const ordered = async (repeatsDiffer: boolean) => {
    const board = boardOf({ a: { outcomes: twelve }, b: { outcomes: twelve } });
    const asked: string[] = [];
    const evaluator: Evaluator = {
      evaluate: async (orders) => {
        asked.push(...orders.map(({ prompt }) => prompt.id));
        return orders.map(() => ({ state: "refused", reason: "stopped" }));
      },
    };
    await topUp(
      {
        board,
        budget: new TrialBudget(100),
        prompts: [promptSaying("a", "Do as a says."), promptSaying("b", "Do as b says.")],
        trials: 16,
        finalistsMax: 1,
        guardIds: [],
        rows: rowsOf(20),
        repeatsDiffer,
        repeatOffset: 0,
        spendMaxUsd: 10,
        experimentId: (id) => id,
      },
      evaluator,
    );
    return new Set(asked);
  };
  expect(await ordered(false)).toEqual(new Set(["a"]));
  expect(await ordered(true)).toEqual(new Set(["a", "b"]));
});
