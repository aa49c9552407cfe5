import { expect, test } from "vitest";
import type { IndividualShape } from "#lib/http/shapes/optimization.ts";
import { prepareFront } from "./pareto-front.prepare.ts";

function individual(
  promptId: string,
  figures: { success: number; cost: number },
  rest: Partial<IndividualShape> = {},
): IndividualShape {
  const { success, cost } = figures;
  return {
    promptId,
    version: "1.0.0",
    status: "experimental",
    tags: [],
    operator: "reflect",
    message: "",
    objectives: { successRate: success, costUsd: cost, latencyMs: 100 },
    success: { value: success, low: success - 0.1, high: success + 0.05, n: 50 },
    figure: {
      kind: "estimated",
      value: success,
      low: success - 0.1,
      high: success + 0.05,
      n: 50,
    },
    passed: Math.round(success * 50),
    constraintViolation: 0,
    rank: 0,
    crowdingDistance: null,
    survived: true,
    isIncumbent: false,
    ...rest,
  };
}

test("the line climbs from the cheapest to the best and passes over what is dominated", () => {
  const { stairs } = prepareFront(
    [
      individual("a", { success: 0.4, cost: 1 }),
      individual("b", { success: 0.3, cost: 2 }, { rank: 1 }),
      individual("c", { success: 0.6, cost: 3 }),
    ],
    "costUsd",
    null,
  );
  expect(stairs).toEqual([
    { x: 1, y: 0.4 },
    { x: 3, y: 0.4 },
    { x: 3, y: 0.6 },
  ]);
});

test("prod and candidates are told apart from the front and drawn on top of it", () => {
  const { points } = prepareFront(
    [
      individual("prod", { success: 0.4, cost: 1 }),
      individual("candidate", { success: 0.7, cost: 2 }, { status: "candidate" }),
      individual("front", { success: 0.6, cost: 1 }),
      individual("bad", { success: 0.9, cost: 1 }, { constraintViolation: 0.4 }),
      individual("behind", { success: 0.2, cost: 3 }, { rank: 2 }),
    ],
    "costUsd",
    "prod",
  );
  expect(points.map(({ kind }) => kind)).toEqual([
    "infeasible",
    "dominated",
    "front",
    "candidate",
    "prod",
  ]);
});

test("the line goes on to the most expensive prompt when that one is no better", () => {
  const { stairs, floor } = prepareFront(
    [
      individual("a", { success: 0.8, cost: 1 }),
      individual("b", { success: 0.7, cost: 4 }, { rank: 1 }),
    ],
    "costUsd",
    null,
  );
  expect(stairs).toEqual([
    { x: 1, y: 0.8 },
    { x: 4, y: 0.8 },
  ]);
  expect(floor).toBe(0.5);
});

test("a prompt that breaks a constraint never lifts the line", () => {
  const { stairs } = prepareFront(
    [
      individual("a", { success: 0.4, cost: 1 }),
      individual("bad", { success: 0.9, cost: 0.5 }, { constraintViolation: 1 }),
    ],
    "costUsd",
    null,
  );
  expect(stairs).toEqual([{ x: 1, y: 0.4 }]);
});

test("an axis of nothing but zeros is told from one with amounts", () => {
  const free = [
    individual("a", { success: 0.4, cost: 0 }),
    individual("b", { success: 0.6, cost: 0 }),
  ];
  expect(prepareFront(free, "costUsd", null).isAllZero).toBe(true);
  expect(prepareFront(free, "latencyMs", null).isAllZero).toBe(false);
});
