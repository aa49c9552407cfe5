/**
 * How the engineer improves a design by trial: each requirement's reserve is taken as linear in the logarithms of the
 * variables. The hints of a simulation give the signs; Broyden's update corrects the slopes with every trial. The next
 * design is the smallest move that gives every requirement its reserve, found by coordinate descent.
 */
import { z } from "zod";
import type { Variable } from "./statement.ts";

export type Values = Record<string, number>;

export const checkShape = z.object({
  name: z.string(),
  value: z.number().catch(Number.NaN),
  limit: z.number(),
  relation: z.enum(["<=", ">="]),
  satisfied: z.boolean(),
  raise: z.array(z.string()).catch([]),
  lower: z.array(z.string()).catch([]),
});
export type ReadCheck = z.infer<typeof checkShape>;

export interface Trial {
  values: Values;
  checks: readonly ReadCheck[];
}

const slopeOfFirst = 1.6;
const slopeOfFurther = 0.8;
const moveMax = 0.7;
const sweeps = 60;
const effort = 0.012;

/** Reserve of a check in log units: 0 at the limit, 0.15 is about 15 % on the good side. */
export function reserveOf({ value, limit, relation, satisfied }: ReadCheck): number {
  if (!Number.isFinite(value) || value <= 0 || limit <= 0) return satisfied ? 1 : -1;
  return relation === "<=" ? Math.log(limit / value) : Math.log(value / limit);
}

/** The next design after the given trials; `reserve` is what each requirement is to get. */
export function improve(
  variables: readonly Variable[],
  trials: readonly Trial[],
  reserve: (check: ReadCheck) => number,
): Values {
  const last = trials.at(-1);
  if (last === undefined) return {};
  const slopes = learnSlopes(variables, trials);
  const first = settle(variables, last.values, descend(variables, last, slopes, reserve));
  const free = variables.filter(({ whole }) => !whole);
  if (free.length === variables.length) return first;
  // What rounding took from the whole numbers, the others make up for.
  const rounded = variables.filter(({ whole }) => whole);
  const fixed = Object.fromEntries(
    rounded.map((variable) => [variable.name, stepBetween(variable, last.values, first)]),
  );
  return { ...first, ...settle(free, last.values, descend(free, last, slopes, reserve, fixed)) };
}

function settle(variables: readonly Variable[], values: Values, moves: Values): Values {
  return Object.fromEntries(
    variables.map((variable) => {
      const value = values[variable.name] ?? variable.min;
      return [variable.name, within(variable, moved(variable, value, moves[variable.name] ?? 0))];
    }),
  );
}

type Slopes = Map<string, Values>;

function learnSlopes(variables: readonly Variable[], trials: readonly Trial[]): Slopes {
  const slopes: Slopes = new Map();
  trials.forEach((trial, index) => {
    const previous = trials[index - 1];
    for (const check of trial.checks) {
      const known = slopes.get(check.name);
      if (known === undefined) slopes.set(check.name, hintedSlopes(check));
      else if (previous !== undefined) correct(known, variables, previous, trial, check);
    }
  });
  return slopes;
}

function hintedSlopes({ raise, lower }: ReadCheck): Values {
  const slope = (position: number) => (position === 0 ? slopeOfFirst : slopeOfFurther);
  return Object.fromEntries([
    ...raise.map((name, i) => [name, slope(i)] as const),
    ...lower.map((name, i) => [name, -slope(i)] as const),
  ]);
}

/** Broyden's rank-one update of one check's slopes. */
function correct(
  slopes: Values,
  variables: readonly Variable[],
  before: Trial,
  after: Trial,
  check: ReadCheck,
): void {
  const earlier = before.checks.find(({ name }) => name === check.name);
  if (earlier === undefined) return;
  const steps = variables.map((variable) => stepBetween(variable, before.values, after.values));
  const size = steps.reduce((sum, step) => sum + step * step, 0);
  if (size < 1e-8) return;
  const expected = variables.reduce(
    (sum, { name }, i) => sum + (slopes[name] ?? 0) * (steps[i] ?? 0),
    0,
  );
  const error = reserveOf(check) - reserveOf(earlier) - expected;
  variables.forEach(({ name }, i) => {
    slopes[name] = (slopes[name] ?? 0) + (error * (steps[i] ?? 0)) / size;
  });
}

function descend(
  variables: readonly Variable[],
  last: Trial,
  slopes: Slopes,
  reserve: (check: ReadCheck) => number,
  fixed: Values = {},
): Values {
  const moves: Values = { ...fixed, ...Object.fromEntries(variables.map(({ name }) => [name, 0])) };
  const wants = last.checks.map((check) => ({
    missing: reserve(check) - reserveOf(check),
    slopes: slopes.get(check.name) ?? {},
  }));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const variable of variables) {
      const { name } = variable;
      let pull = -effort * (moves[name] ?? 0);
      let weight = effort;
      for (const want of wants) {
        const gained = Object.entries(want.slopes).reduce(
          (sum, [other, slope]) => sum + slope * (moves[other] ?? 0),
          0,
        );
        const slope = want.slopes[name] ?? 0;
        if (want.missing <= gained || slope === 0) continue;
        pull += slope * (want.missing - gained);
        weight += slope * slope;
      }
      moves[name] = reachable(variable, last.values, (moves[name] ?? 0) + pull / weight);
    }
  }
  return moves;
}

/** Moves end at the bounds of the variable. */
function reachable(variable: Variable, values: Values, move: number): number {
  const value = values[variable.name] ?? variable.min;
  const bounded = Math.max(-moveMax, Math.min(moveMax, move));
  const target = Math.min(variable.max, Math.max(variable.min, moved(variable, value, bounded)));
  return stepBetween(variable, { [variable.name]: value }, { [variable.name]: target });
}

function isLogarithmic({ min }: Variable): boolean {
  return min > 0;
}

function moved(variable: Variable, value: number, move: number): number {
  return isLogarithmic(variable)
    ? value * Math.exp(move)
    : value + move * (variable.max - variable.min);
}

function stepBetween(variable: Variable, from: Values, to: Values): number {
  const a = from[variable.name] ?? variable.min;
  const b = to[variable.name] ?? variable.min;
  if (!isLogarithmic(variable)) return (b - a) / (variable.max - variable.min || 1);
  return a > 0 && b > 0 ? Math.log(b / a) : 0;
}

/** A value as an engineer writes it: inside the range, whole where asked, four figures. */
export function within(variable: Variable, value: number): number {
  const inside = Math.min(variable.max, Math.max(variable.min, value));
  if (variable.whole) return Math.round(inside);
  const rounded = Number(inside.toPrecision(4));
  return Math.min(variable.max, Math.max(variable.min, rounded));
}
