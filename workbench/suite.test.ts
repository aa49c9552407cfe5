import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { benchmarkOf } from "./benchmark.ts";
import { families, requireFamily } from "./families.ts";
import type { Check, Design, Problem } from "./problem.ts";
import { freshProblems, inputOf, problemFromInput, workbenchSuite } from "./suite.ts";

const suite = workbenchSuite();
const shareOf = (holds: (problem: Problem) => boolean) => suite.filter(holds).length / suite.length;

/** A design from a position between 0 and 1 within each range. */
function designAt(problem: Problem, position: () => number): Design {
  return Object.fromEntries(
    problem.variables.map(({ name, min, max, integer }) => {
      const value = min + position() * (max - min);
      return [name, integer ? Math.round(value) : value];
    }),
  );
}

/** Within this factor of a limit. */
const near = 1.25;
const middle = (problem: Problem): Design => designAt(problem, () => 0.5);

/** By how much a check is missed when it is to hold with the given reserve; 1 or less is enough. */
function overrun({ value, limit, relation }: Check, reserve: number): number {
  if (limit === 0) return value > 0 ? 2 : 1;
  return (relation === "<=" ? value / limit : limit / value) * reserve;
}

/** One pass along the hints of the checks that lack their reserve, then of the cost. */
function follow(problem: Problem, design: Design, round: number, reserve: number): Design {
  const family = requireFamily(problem.family);
  const next = { ...design };
  const scale = (names: readonly string[], factor: number): boolean => {
    const name = names[round % Math.max(1, names.length)];
    if (name === undefined) return false;
    next[name] = (next[name] ?? 0) * factor;
    return true;
  };
  for (const check of family.verify(problem, design).checks) {
    const over = overrun(check, check.name === "cost" ? 1 : reserve);
    if (over <= 1) continue;
    const step = Math.min(1.25, Math.max(1.005, over ** 0.5));
    if (!scale(check.raise, step)) scale(check.lower, 1 / step);
  }
  const cost = family.cost(problem, next);
  if (!cost.satisfied) scale(cost.drivers, 0.97);
  for (const { name, min, max, integer } of problem.variables) {
    const value = Math.min(max, Math.max(min, next[name] ?? min));
    next[name] = integer ? Math.round(value) : value;
  }
  return { ...next, ...family.consistency(problem, next)[0]?.suggestion };
}

/** A stand-in for a patient engineer: the middle of the ranges first, then drawn starts. */
function isSolvable(problem: Problem, reserve: number): boolean {
  const family = requireFamily(problem.family);
  const draws = draw(problem.seed, "starts");
  for (let attempt = 0; attempt < 40; attempt++) {
    let design =
      attempt === 0 ? middle(problem) : designAt(problem, () => 0.1 + 0.8 * draws.next());
    for (let round = 0; round < 150; round++) {
      const { success, checks } = family.verify(problem, design);
      // The gap between modules is given, not drawn around a design, and the cost is what it is.
      const spared = (name: string) =>
        name === "cost" || / range$|^gap between modules$/.test(name);
      if (success && checks.every((c) => overrun(c, spared(c.name) ? 1 : reserve) <= 1))
        return true;
      design = follow(problem, design, round, reserve);
    }
  }
  return false;
}

test("the suite has eight problems in each of eleven families, each with its own id and statement", () => {
  expect(families.length).toBe(11);
  expect(suite.length).toBe(88);
  expect(new Set(suite.map((p) => p.id)).size).toBe(suite.length);
  expect(new Set(suite.map((p) => p.statement)).size).toBe(suite.length);
});

test("a problem is a pure function of family and seed, and comes back from its benchmark's input", () => {
  for (const problem of suite) {
    expect(problemFromInput(inputOf(problem))).toEqual(problem);
    expect(problemFromInput(benchmarkOf(problem).input)).toEqual(problem);
  }
  expect(() => problemFromInput("no json")).toThrow("no workbench problem");
  expect(() => problemFromInput('{"id":"a","family":"none","seed":1}')).toThrow("no family");
});

test("fresh problems are none of the suite's and none of another seed's", () => {
  const known = new Set([...suite, ...freshProblems(200, 6)].map((p) => p.statement));
  const fresh = freshProblems(200, 5);
  expect(fresh.filter((p) => known.has(p.statement))).toHaveLength(0);
  expect(new Set(fresh.map((p) => p.id)).size).toBe(200);
  expect(freshProblems(200, 5)).toEqual(fresh);
});

test("statements are 80 to 250 words and name every variable with unit and range, and the cost limit", () => {
  for (const problem of suite) {
    const words = problem.statement.split(/\s+/).length;
    expect(words, problem.id).toBeGreaterThanOrEqual(80);
    expect(words, problem.id).toBeLessThanOrEqual(250);
    for (const { name, unit, min, max } of problem.variables)
      expect(problem.statement).toContain(`- ${name} (${unit}, ${min} to ${max}`);
    expect(problem.statement).toContain(`Cost limit: ${problem.maxCostUsd.toFixed(2)} USD`);
    expect(problem.statement).not.toMatch(/NaN|undefined|Infinity|\{limit\}/);
  }
});

test("each habit is needed somewhere: other units, late requirements, collisions, tight cost", () => {
  const mixed = /lbf|psi|\(feet\)/;
  expect(shareOf((p) => p.submissionUnit !== null || mixed.test(p.statement))).toBeGreaterThan(
    0.35,
  );
  const late = shareOf((p) => p.statement.includes("Before handing over"));
  expect(late).toBeGreaterThan(0.2);
  expect(late).toBeLessThan(0.5);
  const collides = (p: Problem) =>
    requireFamily(p.family)
      .verify(p, middle(p))
      .checks.some(({ name }) => name === "collisions");
  expect(shareOf(collides)).toBeGreaterThanOrEqual(0.25);
});

test.each(families.map((family) => family.name))(
  "%s: every problem can be solved with a reserve",
  (name) => {
    const more = Array.from({ length: 24 }, (_, k) =>
      requireFamily(name).generate(k, `${name}-t${k}`),
    );
    const unsolved = [...suite.filter((p) => p.family === name), ...more].filter(
      (problem) => !isSolvable(problem, 1.12),
    );
    expect(unsolved.map((p) => p.seed)).toEqual([]);
  },
);

test("careless designs fail: the middle of the ranges and random ones", () => {
  const passes = (p: Problem, design: Design) => requireFamily(p.family).verify(p, design).success;
  expect(shareOf((p) => passes(p, middle(p)))).toBeLessThan(0.2);
  const draws = draw(1, "random designs");
  const random = suite.flatMap((p) =>
    Array.from({ length: 20 }, () =>
      passes(
        p,
        designAt(p, () => draws.next()),
      ),
    ),
  );
  expect(random.filter(Boolean).length / random.length).toBeLessThan(0.1);
});

test("the quick model is optimistic by a few percent near the limits, in every family", () => {
  for (const family of families) {
    const ratios = suite
      .filter((p) => p.family === family.name)
      .flatMap((p) => ratiosNearTheLimits(p));
    expect(ratios.length, family.name).toBeGreaterThan(20);
    expect(Math.min(...ratios), family.name).toBeGreaterThanOrEqual(0.99);
    const sorted = [...ratios].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    expect(median, family.name).toBeGreaterThan(1.04);
    expect(median, family.name).toBeLessThan(1.12);
  }
});

/** Full over quick model at drawn designs, where a check and the cost are near their limits. */
function ratiosNearTheLimits(problem: Problem): number[] {
  const family = requireFamily(problem.family);
  const draws = draw(problem.seed, "ratios");
  return Array.from({ length: 60 }, () =>
    designAt(problem, () => 0.1 + 0.8 * draws.next()),
  ).flatMap((design) => {
    const exact = new Map(family.verify(problem, design).checks.map((c) => [c.name, c]));
    return family.simulate(problem, design).flatMap((quick) => {
      const full = exact.get(quick.name);
      // The packing model is blind to outlines on purpose.
      if (full === undefined || quick.name === "gap between modules") return [];
      if (full.value < full.limit / near || full.value > full.limit * near) return [];
      return [quick.relation === "<=" ? full.value / quick.value : quick.value / full.value];
    });
  });
}

test("a design that lacks a value, or has one that is no number, fails and is named", () => {
  for (const problem of suite) {
    const [first] = problem.variables;
    if (first === undefined) throw new Error("a problem without variables");
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const verdict = requireFamily(problem.family).verify(problem, {
        ...middle(problem),
        [first.name]: broken,
      });
      expect(verdict).toMatchObject({ success: false, score: 0 });
      expect(verdict.firstFailure?.name).toContain(first.name);
    }
    expect(requireFamily(problem.family).verify(problem, {}).success).toBe(false);
  }
});

test("a value outside its range fails, however good the physics", () => {
  for (const problem of suite) {
    const family = requireFamily(problem.family);
    for (const { name, max } of problem.variables) {
      const design = { ...middle(problem), [name]: max * 1.01 + 1 };
      expect(family.verify(problem, design).success, `${problem.id} ${name}`).toBe(false);
      expect(family.consistency(problem, design).map((i) => i.kind)).toContain("bounds");
    }
  }
});
