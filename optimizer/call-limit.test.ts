import { expect, test } from "vitest";
import { limitCalls } from "./call-limit.ts";
import type { Evaluator, TrialOrder } from "./ports.ts";

const order = (prompt: string, benchmark: string, repeat = 0) =>
  ({ prompt: { id: prompt }, benchmark: { id: benchmark }, repeat }) as TrialOrder;

function counting() {
  const seen: string[] = [];
  const evaluator: Evaluator = {
    evaluate: async (orders) => {
      for (const { prompt, benchmark } of orders) seen.push(`${prompt.id}/${benchmark.id}`);
      return orders.map(() => ({ state: "refused" as const, reason: "stopped" as const }));
    },
  };
  return { seen, evaluator };
}

test("orders beyond the budget are refused in their order, and never reach the engine", async () => {
  const { seen, evaluator } = counting();
  const limit = limitCalls(evaluator, 2);
  const answers = await limit.evaluator.evaluate([
    order("p", "a"),
    order("p", "b"),
    order("p", "c"),
  ]);
  expect(seen).toEqual(["p/a", "p/b"]);
  expect(answers[2]).toEqual({ state: "refused", reason: "calls-spent" });
  expect(limit.ordered()).toBe(2);
});

test("an order that was made before is no new call, and neither is a trial that a resumed run has read", async () => {
  const { seen, evaluator } = counting();
  const limit = limitCalls(evaluator, 2);
  limit.note([
    {
      promptId: "p",
      benchmarkId: "a",
      repeat: 0,
      success: true,
      score: 1,
      costUsd: 0,
      latencyMs: 0,
    },
  ]);
  await limit.evaluator.evaluate([
    order("p", "a"),
    order("p", "a"),
    order("p", "b"),
    order("p", "c"),
  ]);
  expect(seen).toEqual(["p/a", "p/a", "p/b"]);
  expect(limit.ordered()).toBe(2);
});
