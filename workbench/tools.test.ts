import { expect, test } from "vitest";
import { requireFamily } from "./families.ts";
import type { Design, Problem } from "./problem.ts";
import { lookUpReference } from "./reference.ts";
import { workbenchSuite } from "./suite.ts";
import { createToolBox, engineerTools } from "./tools.ts";

const suite = workbenchSuite();

const middle = (problem: Problem): Design =>
  Object.fromEntries(
    problem.variables.map(({ name, min, max, integer }) => [
      name,
      integer ? Math.round((min + max) / 2) : (min + max) / 2,
    ]),
  );

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
  expect(submitted({ design, units: " Millimetres " })).toEqual(design);
  const converted = Object.fromEntries(
    Object.entries(design).map(([k, v]) => [k, lengths.includes(k) ? v / 25.4 : v]),
  );
  for (const name of lengths)
    expect(submitted({ design: converted, units: "inches" })[name]).toBeCloseTo(
      design[name] ?? 0,
      6,
    );
  for (const name of lengths)
    expect(submitted({ design: converted })[name]).toBeCloseTo(design[name] ?? 0, 6);
});

test("a unit that is none is refused and the submission does not count", () => {
  for (const problem of suite.slice(0, 3)) {
    const { tools, submissions } = createToolBox(problem);
    const answer = tools.submit_solution?.execute({ design: middle(problem), units: "furlong" });
    expect(answer).toEqual({ error: expect.stringContaining("mm, cm, m or in") });
    expect(submissions).toEqual([]);
  }
});

test("the tool box holds exactly the named tools", () => {
  const [problem] = suite;
  if (problem === undefined) throw new Error("empty suite");
  expect(Object.keys(createToolBox(problem).tools).sort()).toEqual([...engineerTools]);
});

test("tools answer bad input with an error, never with an exception, and record no submission", () => {
  const bad = [
    null,
    1,
    "x",
    {},
    [],
    { design: null },
    { design: { a: "b" } },
    { design: { width_mm: Number.NaN } },
    { design: { width_mm: Number.POSITIVE_INFINITY } },
    { code: 5 },
    { code: "1".repeat(5000) },
    { query: "q".repeat(501) },
  ];
  for (const problem of suite.slice(0, 8)) {
    const { tools, submissions } = createToolBox(problem);
    for (const [name, tool] of Object.entries(tools)) {
      for (const input of bad) expect(tool.execute(input), name).toHaveProperty("error");
    }
    expect(submissions).toEqual([]);
  }
});

test("huge, unknown and missing values are answered with what is wrong with them", () => {
  for (const problem of suite) {
    const { tools } = createToolBox(problem);
    expect(tools.simulate?.execute({ design: {} })).toHaveProperty("error");
    expect(tools.evaluate_cost?.execute({ design: {} })).toHaveProperty("error");
    const design = { ...middle(problem), [problem.variables[0]?.name ?? ""]: 1e300, other: 1 };
    expect(tools.consistency_check?.execute({ design })).toMatchObject({
      consistent: false,
      issues: expect.arrayContaining([
        expect.objectContaining({ kind: "unknown", variables: ["other"] }),
        expect.objectContaining({ kind: "bounds" }),
      ]),
    });
    expect(tools.simulate?.execute({ design })).toHaveProperty("checks");
    expect(tools.evaluate_cost?.execute({ design })).toHaveProperty("costUsd");
  }
});

test("every tool's answer survives JSON, so that a model sees what the tool said", () => {
  for (const problem of suite) {
    const { tools } = createToolBox(problem);
    const design = middle(problem);
    for (const [name, tool] of Object.entries(tools)) {
      const answer = tool.execute({ design, code: "1 + 1", query: "typical values" });
      expect(JSON.parse(JSON.stringify(answer)), `${problem.id} ${name}`).toEqual(answer);
    }
  }
});

test("submissions are kept in order, with what was handed in", () => {
  const [problem] = suite;
  if (problem === undefined) throw new Error("empty suite");
  const box = createToolBox(problem);
  box.tools.submit_solution?.execute({ design: { width_mm: 1 }, notes: "a guess" });
  box.tools.submit_solution?.execute({ design: middle(problem), units: "mm" });
  expect(box.submissions.map(({ notes }) => notes)).toEqual(["a guess", ""]);
  expect(box.submissions.at(-1)?.values).toEqual(middle(problem));
});

test("the reference is a function of problem and query, long, and no solution", () => {
  for (const problem of suite) {
    const found = lookUpReference(problem, "typical size");
    expect(lookUpReference(problem, "typical size")).toEqual(found);
    expect(lookUpReference(problem, "another")).not.toEqual(found);
    expect(JSON.stringify(found).length).toBeGreaterThan(800);
  }
  const helped = suite.filter(
    (p) => requireFamily(p.family).verify(p, lookUpReference(p, "typical size").typical).success,
  );
  expect(helped.length / suite.length).toBeLessThan(0.1);
});
