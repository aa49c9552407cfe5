import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import type { SearchPrompt, TrialOrder } from "./contract.ts";
import { createStoredEvaluator } from "./stored-evaluator.ts";
import type { Reservation, TrialStore } from "./trial-store.ts";

const prompt: SearchPrompt = {
  id: "p",
  version: "1.0.0",
  contentHash: "p",
  genome: { content: "p", parameters: promptParameters.parse({}), tools: [] },
};
const benchmark: Benchmark = {
  id: "b",
  suite: "s",
  externalId: "b",
  input: "b",
  expected: "yes",
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: "b",
  family: null,
  group: "b",
  required: false,
  sealed: false,
};
const orders: TrialOrder[] = Array.from({ length: 20 }, (_, repeat) => ({
  prompt,
  benchmark,
  repeat,
  arm: "candidate",
  experimentId: "e",
}));
const resultOf = (costUsd: number): TrialResult => ({
  outcome: "success",
  score: 1,
  costUsd,
  inputTokens: 1,
  outputTokens: 1,
  latencyMs: 1,
  failure: null,
  agents: [],
  steps: [],
  criticVerdict: null,
  simulated: true,
});

/** A ledger with a cap, and the most that was ever set aside and spent together. */
function ledger(capUsd: number) {
  const held = new Map<string, number>();
  const stored = new Map<string, TrialResult>();
  const seen = { spent: 0, highest: 0 };
  const reserved = () => [...held.values()].reduce((sum, amount) => sum + amount, 0);
  const store: TrialStore = {
    find: async () => new Map(),
    reserve: async (works) =>
      works.map(({ key, amountUsd }): Reservation => {
        if (seen.spent + reserved() + amountUsd > capUsd + 1e-9)
          return { ok: false, reason: "run-cap" };
        held.set(key, amountUsd);
        seen.highest = Math.max(seen.highest, seen.spent + reserved());
        return { ok: true, id: key };
      }),
    store: async (trials) => {
      for (const { key, result, reservationId, earlierUsd = 0 } of trials) {
        held.delete(reservationId);
        seen.spent += result.costUsd + earlierUsd;
        stored.set(key, result);
      }
    },
    book: async (bills) => {
      for (const { reservationId, actualUsd } of bills) {
        held.delete(reservationId);
        seen.spent += actualUsd;
      }
    },
    release: async (ids) => {
      for (const id of ids) held.delete(id);
    },
  };
  return { store, seen };
}

function evaluatorOver(
  store: TrialStore,
  costUsd: number,
  result: (repeat: number) => Partial<TrialResult> = () => ({}),
) {
  return createStoredEvaluator({
    store,
    runTrial: async ({ repeat }) => {
      await new Promise((resolve) => setTimeout(resolve, repeat % 3));
      return { ...resultOf(costUsd), ...result(repeat) };
    },
    keyOf: ({ repeat }) => ({
      promptHash: "p",
      otherPromptHashes: {},
      benchmarkHash: "b",
      executor: "built-in@1",
      models: {},
      graderVersion: "1",
      runSeed: 1,
      costLimitUsd: 1,
      repeat,
    }),
    estimateUsd: () => 1,
    concurrency: 8,
    ahead: 8,
    isStopRequested: () => false,
  });
}

test("near a cap trials wait for others to give their reservations back, and none is refused for it", async () => {
  const { store, seen } = ledger(3);
  const answers = await evaluatorOver(store, 0.05).evaluate(orders);
  expect(answers.filter(({ state }) => state === "done")).toHaveLength(20);
  expect(seen.highest).toBeLessThanOrEqual(3);
});

test("when the money is really spent the rest is refused, and no cap is passed", async () => {
  const { store, seen } = ledger(3);
  const answers = await evaluatorOver(store, 0.5).evaluate(orders);
  const done = answers.filter(({ state }) => state === "done").length;
  expect(done).toBe(5);
  expect(answers.filter(({ state }) => state === "refused")).toHaveLength(20 - done);
  expect(seen.highest).toBeLessThanOrEqual(3);
});

test("what could pass the amount that the caller may spend is refused, stored trials counted in", async () => {
  const { store } = ledger(1_000);
  const answers = await evaluatorOver(store, 0.5).evaluate(orders, { spendMaxUsd: 4 });
  const done = answers.filter(({ state }) => state === "done").length;
  expect(done).toBe(7);
  expect(
    answers.filter((answer) => answer.state === "refused" && answer.reason === "money-kept"),
  ).toHaveLength(20 - done);
});

const ungradable: Partial<TrialResult> = {
  outcome: "failure",
  failure: { errorClass: "grader-error", signature: "grader-error/x", message: "No verdict." },
};
const many = Array.from({ length: 200 }, (_, repeat) => ({
  prompt,
  benchmark,
  repeat,
  arm: "baseline" as const,
  experimentId: "e",
}));

test("a grader that fails on every answer ends the round after about ten trials, and nothing else is paid", async () => {
  const { store, seen } = ledger(1_000);
  const answers = await evaluatorOver(store, 0.5, () => ungradable).evaluate(many);
  const done = answers.filter(({ state }) => state === "done").length;
  expect(done).toBeGreaterThanOrEqual(10);
  // Ten, and those that were under way on the other seven slots.
  expect(done).toBeLessThanOrEqual(17);
  expect(seen.spent).toBeCloseTo(done * 0.5, 9);
  const refused = answers.filter(
    (answer) => answer.state === "refused" && answer.reason === "grader-down",
  );
  expect(refused).toHaveLength(200 - done);
});

test("small rounds add up: the grader's failures of earlier ones count", async () => {
  const { store } = ledger(1_000);
  const evaluator = evaluatorOver(store, 0.5, () => ungradable);
  const first = await evaluator.evaluate(many.slice(0, 6));
  expect(first.every(({ state }) => state === "done")).toBe(true);
  const second = await evaluator.evaluate(many.slice(6, 60));
  expect(second.some(({ state }) => state === "refused")).toBe(true);
});

test("a grader that fails on one answer in fifty ends no round", async () => {
  const { store } = ledger(1_000);
  const evaluator = evaluatorOver(store, 0.5, (repeat) => (repeat % 50 === 0 ? ungradable : {}));
  const answers = await evaluator.evaluate(many);
  expect(answers.every(({ state }) => state === "done")).toBe(true);
});
