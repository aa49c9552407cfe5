import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { calculate } from "./calculator.ts";
import { families, requireFamily } from "./families.ts";
import type { Design, Problem } from "./problem.ts";
import { freshProblems, inputOf, problemFromInput, workbenchSuite } from "./suite.ts";
import { createToolBox } from "./tools.ts";

const suite = workbenchSuite();

/** One pass along the verifier's own hints: failed checks first, then the cost. */
function follow(problem: Problem, design: Design, round: number): Design {
  const family = requireFamily(problem.family);
  const next = { ...design };
  const scale = (names: readonly string[], factor: number): boolean => {
    const name = names[round % Math.max(1, names.length)];
    if (name === undefined) return false;
    next[name] = (next[name] ?? 0) * factor;
    return true;
  };
  for (const check of family.verify(problem, design).checks.filter((c) => !c.satisfied)) {
    const over = check.relation === "<=" ? check.value / check.limit : check.limit / check.value;
    const step = Math.min(1.25, Math.max(1.01, over ** 0.5));
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

/** A stand-in for a patient engineer. */
function improve(problem: Problem, start: Design, rounds: number): boolean {
  let design = start;
  for (let round = 0; round < rounds; round++) {
    if (requireFamily(problem.family).verify(problem, design).success) return true;
    design = follow(problem, design, round);
  }
  return false;
}

const middle = (problem: Problem): Design =>
  Object.fromEntries(
    problem.variables.map(({ name, min, max, integer }) => [
      name,
      integer ? Math.round((min + max) / 2) : (min + max) / 2,
    ]),
  );

/** The middle of the ranges and a few drawn starts: some limits pull in opposite directions. */
function startsOf(problem: Problem): Design[] {
  const draws = draw(problem.seed, "starts");
  const drawn = Array.from({ length: 12 }, () =>
    Object.fromEntries(
      problem.variables.map(({ name, min, max, integer }) => {
        const value = min + (0.15 + 0.7 * draws.next()) * (max - min);
        return [name, integer ? Math.round(value) : value];
      }),
    ),
  );
  return [middle(problem), ...drawn];
}

test("the suite has at least 64 problems in at least 8 families, each with its own id and statement", () => {
  expect(suite.length).toBeGreaterThanOrEqual(64);
  expect(new Set(suite.map((p) => p.family)).size).toBeGreaterThanOrEqual(8);
  expect(new Set(suite.map((p) => p.id)).size).toBe(suite.length);
  expect(new Set(suite.map((p) => p.statement)).size).toBe(suite.length);
});

test("a problem is a pure function of family and seed, and comes back from its benchmark's input", () => {
  for (const problem of suite) expect(problemFromInput(inputOf(problem))).toEqual(problem);
  expect(() => problemFromInput("no json")).toThrow("no workbench problem");
});

test("fresh problems are none of the suite's", () => {
  const known = new Set(suite.map((p) => p.statement));
  const fresh = freshProblems(200, 5);
  expect(fresh.filter((p) => known.has(p.statement))).toHaveLength(0);
  expect(new Set(fresh.map((p) => p.id)).size).toBe(200);
});

test.each(families.map((f) => f.name))(
  "%s: patient work along the hints solves nearly every problem",
  (name) => {
    const problems = [
      ...suite.filter((p) => p.family === name),
      ...Array.from({ length: 22 }, (_, k) => requireFamily(name).generate(k + 1, `${name}-t${k}`)),
    ];
    const solved = problems.filter((p) =>
      startsOf(p).some((start) => improve(p, start, 300)),
    ).length;
    expect(solved / problems.length).toBeGreaterThanOrEqual(0.9);
  },
);

test("careless designs fail: the middle of the ranges and random ones", () => {
  const passes = suite.filter((p) => requireFamily(p.family).verify(p, middle(p)).success).length;
  expect(passes / suite.length).toBeLessThan(0.2);
  let random = 0;
  const draws = draw(1, "random designs");
  for (const p of suite) {
    for (let k = 0; k < 5; k++) {
      const design = Object.fromEntries(
        p.variables.map(({ name, min, max, integer }) => [
          name,
          integer ? min + draws.int(max - min + 1) : min + draws.next() * (max - min),
        ]),
      );
      if (requireFamily(p.family).verify(p, design).success) random++;
    }
  }
  expect(random / (suite.length * 5)).toBeLessThan(0.1);
});

test("the quick model is optimistic, by a few percent, in every family", () => {
  for (const problem of suite) {
    const family = requireFamily(problem.family);
    const design = middle(problem);
    const exact = new Map(family.verify(problem, design).checks.map((c) => [c.name, c]));
    let optimistic = 0;
    for (const check of family.simulate(problem, design)) {
      const full = exact.get(check.name);
      // The packing model is blind to outlines on purpose, and modules on one spot need no wire.
      if (full === undefined || check.value === 0 || check.name === "gap between modules") continue;
      const ratio = check.relation === "<=" ? full.value / check.value : check.value / full.value;
      expect(ratio, `${problem.id} ${check.name}`).toBeGreaterThanOrEqual(0.999);
      if (ratio > 1.03) optimistic++;
    }
    if (problem.family !== "packing") expect(optimistic, problem.id).toBeGreaterThan(0);
  }
});

test("beams and springs agree with the textbook", () => {
  const beam = requireFamily("beam");
  const problem = beam.generate(1, "beam-x");
  const numbers = problem.statement.match(/cantilever of (\d+) mm carries (\d+) N/);
  const [length, load] = [Number(numbers?.[1]), Number(numbers?.[2])];
  const stress = beam
    .simulate(problem, { width_mm: 30, height_mm: 60 })
    .find((c) => c.name === "bending stress");
  expect(stress?.value).toBeCloseTo((6 * load * length) / (30 * 3600), 2);
  const spring = requireFamily("spring");
  const rate = spring
    .simulate(spring.generate(1, "s"), { wire_mm: 2, coil_mm: 20, turns: 10 })
    .find((c) => c.name === "spring rate");
  expect(rate?.value).toBeCloseTo((79_300 * 16) / (8 * 8000 * 10), 3);
});

test("a submission without units is read in the shop's unit, with units or converted it is right", () => {
  const problem = suite.find((p) => p.submissionUnit !== null);
  if (problem === undefined) throw new Error("no problem with another unit");
  const lengths = problem.variables.filter((v) => v.unit === "mm").map((v) => v.name);
  const design = middle(problem);
  const submitted = (input: unknown) => {
    const box = createToolBox(problem);
    expect(box.tools.submit_solution?.execute(input)).toEqual({ accepted: true });
    return box.submissions[0]?.design ?? {};
  };
  expect(submitted({ design, units: "mm" })).toEqual(design);
  const naive = submitted({ design });
  for (const name of lengths) expect(naive[name]).toBeCloseTo((design[name] ?? 0) * 25.4, 6);
  const converted = Object.fromEntries(
    Object.entries(design).map(([k, v]) => [k, lengths.includes(k) ? v / 25.4 : v]),
  );
  for (const name of lengths)
    expect(submitted({ design: converted })[name]).toBeCloseTo(design[name] ?? 0, 6);
});

test("tools answer bad input with an error, never with an exception", () => {
  const [problem] = suite;
  if (problem === undefined) throw new Error("empty suite");
  const { tools } = createToolBox(problem);
  for (const [name, tool] of Object.entries(tools)) {
    for (const input of [
      null,
      1,
      "x",
      {},
      { design: { a: "b" } },
      { design: { width_mm: Number.NaN } },
      { code: 5 },
    ]) {
      expect(() => tool.execute(input), name).not.toThrow();
    }
  }
  expect(tools.simulate?.execute({ design: {} })).toHaveProperty("error");
  expect(tools.consistency_check?.execute({ design: { width_mm: 1e9, other: 1 } })).toHaveProperty(
    "consistent",
    false,
  );
});

test("the calculator needs its import and words its errors as Python does", () => {
  expect(calculate("import math\nr = 2\nmath.pi * r ** 2")).toEqual({ result: Math.PI * 4 });
  expect(calculate("math.sqrt(4)")).toEqual({ error: "NameError: name 'math' is not defined" });
  expect(calculate("2 ** 3 ** 2")).toEqual({ result: 512 });
  expect(calculate("-2 ** 2")).toEqual({ result: -4 });
  expect(calculate("7 // 2 + 7 % 4")).toEqual({ result: 6 });
  expect(calculate("1 / 0")).toEqual({ error: "ZeroDivisionError: division by zero" });
  expect(calculate("")).toHaveProperty("error");
  expect(calculate("constructor")).toEqual({
    error: "NameError: name 'constructor' is not defined",
  });
  expect(calculate("import math\nmath.constructor(1)")).toHaveProperty("error");
  expect(calculate("(".repeat(1500))).toHaveProperty("error");
});
