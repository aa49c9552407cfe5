import { expect, test } from "vitest";
import { callsNeeded } from "./calls-needed.ts";

/** Worlds whose values differ, on a curve that gains 0.1 from 400 to 800 calls. */
function runsOf(worlds: number, values: Readonly<Record<number, number>>) {
  return Object.entries(values).flatMap(([budget, value]) =>
    Array.from({ length: worlds }, (_, world) => ({
      world,
      budget: Number(budget),
      ordered: Number(budget),
      value: value + (world % 2 === 0 ? 0.05 : -0.05),
    })),
  );
}

function marksOf(worlds: number, value: number) {
  return new Map(
    Array.from({ length: worlds }, (_, world) => [world, value + (world % 2 === 0 ? 0.05 : -0.05)]),
  );
}

test("a mark halfway between two budgets takes the calls halfway between them", () => {
  const found = callsNeeded(marksOf(40, 0.55), runsOf(40, { 400: 0.5, 800: 0.6 }));
  expect(found.calls).toBeCloseTo(600);
  expect(found.worlds).toBe(40);
  expect(found.low).toBeCloseTo(600);
  expect(found.high).toBeCloseTo(600);
});

test("a mark that the largest budget does not reach has no number, only that bound", () => {
  const found = callsNeeded(marksOf(10, 0.9), runsOf(10, { 400: 0.5, 800: 0.6 }));
  expect(found).toMatchObject({ calls: null, low: null, high: null, callsMax: 800 });
});

test("a curve that falls keeps what it had reached", () => {
  const found = callsNeeded(marksOf(10, 0.55), runsOf(10, { 400: 0.5, 600: 0.45, 800: 0.6 }));
  expect(found.calls).toBeCloseTo(700);
});

test("worlds that differ widen the interval", () => {
  const marks = new Map(
    [...marksOf(30, 0.55)].map(([world, mark]) => [world, mark + (world % 3 === 0 ? 0.04 : -0.02)]),
  );
  const found = callsNeeded(marks, runsOf(30, { 400: 0.5, 800: 0.6 }));
  expect(found.calls).toBeCloseTo(600);
  expect(found.low ?? 0).toBeLessThan(580);
  expect(found.high ?? 0).toBeGreaterThan(620);
});

test("worlds that one of the budgets lacks are left out, and none at all is an error", () => {
  const runs = runsOf(10, { 400: 0.5, 800: 0.6 }).filter(
    ({ world, budget }) => world < 4 || budget === 400,
  );
  expect(callsNeeded(marksOf(10, 0.55), runs).worlds).toBe(4);
  expect(() => callsNeeded(new Map([[99, 0.5]]), runs)).toThrow(RangeError);
});
