import { expect, test } from "vitest";
import { createMemoryRunStore } from "../adapters/memory-run-store.ts";
import { trialKey } from "../measurement.ts";
import type { Evaluator, TrialOrder } from "../ports.ts";
import { Scoreboard } from "../scoreboard.ts";
import { promptSaying, rowsOf, trialsOf } from "../testing/search-fixtures.ts";
import { experiment } from "./experiment.ts";
import { TrialBudget } from "./trial-budget.ts";

const today = promptSaying("today", "Be brief.");
const rows = rowsOf(10);
const sizes = {
  generationsMax: 10,
  populationSize: 4,
  offspringSize: 2,
  rungs: [3, 6, 10],
  stopBelow: 0.3,
  scoringRows: 10,
  finalTrials: 10,
  contenders: 2,
  mixedPiecesMax: 3,
  frontFrom: 0.5,
};
/** On how many of the rows, from the first on, each prompt passes. */
const passes: Record<string, number> = { good: 9, better: 10, bad: 0 };

async function race(
  ids: readonly string[],
  options: {
    trialsMax?: number;
    trialsKept?: number;
    refuseAfter?: number;
    repeatsDiffer?: boolean;
  } = {},
) {
  const { trialsMax = 1_000, trialsKept = 0, refuseAfter = Number.POSITIVE_INFINITY } = options;
  const { repeatsDiffer = false } = options;
  const rounds: TrialOrder[][] = [];
  const evaluator: Evaluator = {
    evaluate: async (orders) => {
      rounds.push([...orders]);
      return orders.map(({ prompt, benchmark }) => {
        if (rounds.length > refuseAfter) return { state: "refused", reason: "run-cap" };
        const success = Number(benchmark.id.slice(4)) < (passes[prompt.id] ?? 0);
        return {
          state: "done",
          replayed: false,
          result: {
            outcome: success ? "success" : "failure",
            score: success ? 1 : 0,
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
        };
      });
    },
  };
  const board = new Scoreboard(today, { requiredIds: new Set(), repeatsDiffer });
  board.keep(trialsOf("today", "pppppfffff"));
  const prompts = ids.map((id) => promptSaying(id, `Do as ${id} says.`));
  board.born(prompts);
  const budget = new TrialBudget(trialsMax);
  const result = await experiment(
    {
      generation: 1,
      incumbent: today,
      children: prompts.map((prompt) => ({ prompt, aim: "success", parentIds: ["today"] })),
      populationIds: ["today"],
      board,
      sizes,
      rows,
      repeatsDiffer,
      repeatOffset: 0,
      budget,
      trialsKept,
      spendMaxUsd: 100,
      experimentId: (generation, id) => `${generation}/${id}`,
    },
    { evaluator, store: createMemoryRunStore(today) },
  );
  return { result, rounds, board, budget, orders: rounds.flat() };
}

test("children run rung by rung on a prefix of the same rows, and who has no chance runs no further", async () => {
  const { result, rounds, board } = await race(["good", "bad"]);
  expect(rounds.map((orders) => orders.length)).toEqual([6, 3, 4]);
  expect(board.of("good").map(({ benchmarkId }) => benchmarkId)).toEqual(rows.map(({ id }) => id));
  expect(result.dropped).toMatchObject([{ promptId: "bad", block: 1, rule: "unlikely" }]);
});

test("no trial is ordered twice", async () => {
  const { orders } = await race(["good", "better", "bad"]);
  const keys = orders.map(({ prompt, benchmark, repeat }) =>
    trialKey({ promptId: prompt.id, benchmarkId: benchmark.id, repeat }),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([0, 3, 7, 12, 16, 19])(
  "with %i trials no more are ordered; whoever they do not reach is cut off, the first children first served",
  async (trialsMax) => {
    const { orders, budget, result } = await race(["good", "better"], { trialsMax });
    expect(orders.length).toBeLessThanOrEqual(trialsMax);
    expect(budget.ordered).toBe(orders.length);
    const isCut = result.dropped.some(({ rule }) => rule === "cut-off");
    expect(isCut).toBe(true);
    if (trialsMax === 3)
      expect(new Set(orders.map(({ prompt }) => prompt.id))).toEqual(new Set(["good"]));
  },
);

test("trials that are kept for the end are not raced with", async () => {
  const { orders } = await race(["good", "better"], { trialsMax: 20, trialsKept: 10 });
  expect(orders.length).toBeLessThanOrEqual(10);
});

test("a round that a cap cut off is paid and teaches nothing", async () => {
  const { result, board } = await race(["good"], { refuseAfter: 1 });
  expect(result.stopped).toBe("run-cap");
  expect(board.of("good")).toHaveLength(3);
});
