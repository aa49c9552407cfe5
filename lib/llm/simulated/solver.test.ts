import { expect, test } from "vitest";
import { improve, type ReadCheck, reserveOf, type Trial, type Values, within } from "./solver.ts";
import type { Variable } from "./statement.ts";

const variables: Variable[] = [
  { name: "width", unit: "mm", min: 10, max: 90, whole: false },
  { name: "height", unit: "mm", min: 15, max: 140, whole: false },
];

/** A cantilever: stress and deflection fall with width and height, mass grows with both. */
function checksOf({ width = 0, height = 0 }: Values): ReadCheck[] {
  const check = (name: string, value: number, limit: number, raise: string[], lower: string[]) => ({
    name,
    value,
    limit,
    relation: "<=" as const,
    satisfied: value <= limit,
    raise,
    lower,
  });
  return [
    check("stress", 1e7 / (width * height ** 2), 40, ["height", "width"], []),
    check("deflection", 6e8 / (width * height ** 3), 15, ["height", "width"], []),
    check("mass", width * height * 0.001, 4.2, [], ["width", "height"]),
  ];
}

test("a few trials reach a design with reserve in every check, from any start", () => {
  for (const start of [
    { width: 20, height: 30 },
    { width: 85, height: 130 },
    { width: 80, height: 25 },
  ]) {
    const trials: Trial[] = [{ values: start, checks: checksOf(start) }];
    for (let step = 0; step < 7; step++) {
      const values = improve(variables, trials, () => Math.log(1.15));
      trials.push({ values, checks: checksOf(values) });
    }
    const last = trials.at(-1)?.checks ?? [];
    expect(Math.min(...last.map(reserveOf))).toBeGreaterThan(Math.log(1.1));
  }
});

test("a design that holds already stays where it is", () => {
  const values = { width: 40, height: 102 };
  const trial = { values, checks: checksOf(values) };
  expect(improve(variables, [trial], () => 0)).toEqual(values);
});

test("reserve is positive on the good side of either relation", () => {
  const base = { name: "x", limit: 10, satisfied: true, raise: [], lower: [] };
  expect(reserveOf({ ...base, value: 5, relation: "<=" })).toBeCloseTo(Math.log(2));
  expect(reserveOf({ ...base, value: 5, relation: ">=" })).toBeCloseTo(-Math.log(2));
  expect(reserveOf({ ...base, value: Number.NaN, relation: ">=", satisfied: false })).toBe(-1);
});

test("values stay in range, whole where asked, and short", () => {
  const teeth = { name: "teeth", unit: "", min: 12, max: 40, whole: true };
  expect(within(teeth, 17.6)).toBe(18);
  expect(within(teeth, 99)).toBe(40);
  expect(within({ ...teeth, whole: false }, 17.65432)).toBe(17.65);
});
