import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Grader, grader, type SingleGrader } from "../domain/grader.ts";
import { gradeAnswer } from "../harness/graders.ts";
import { closeBounded } from "./bounded.ts";
import { isPatternGrader, patternFault } from "./patterns.ts";

afterAll(closeBounded);

function judged(config: unknown, answer: string, expected: string | null = null) {
  const own: Grader = grader.parse(config);
  return gradeAnswer(answer, { input: "?", expected, labels: null, grader: own });
}

function fault(config: unknown): string | null {
  const own = grader.parse(config);
  if (own.kind === "workbench" || own.kind === "combined" || !isPatternGrader(own))
    throw new Error("a grader with a pattern");
  return patternFault(own);
}

test("patterns that take others exponential time are done with 100 kB within 100 ms", async () => {
  await judged({ kind: "regex", pattern: "a" }, "a");
  const long = "a".repeat(100_000);
  for (const pattern of [
    "(a+)+$",
    "(a|aa)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*x",
    "(x+x+)+y",
  ]) {
    const times: number[] = [];
    // The best of three: what is measured is the engine, not what else the machine does.
    for (let run = 0; run < 3; run++) {
      const began = performance.now();
      const { score } = await judged({ kind: "regex", pattern }, `${long}!`);
      times.push(performance.now() - began);
      expect(score).toBe(0);
    }
    expect(Math.min(...times), pattern).toBeLessThan(100);
  }
});

test("a pattern that RE2 does not know is refused with its reason", () => {
  expect(fault({ kind: "regex", pattern: "(" })).toContain("missing closing )");
  expect(fault({ kind: "regex", pattern: "(?=a)" })).toContain("(?=");
  expect(fault({ kind: "regex", pattern: "a{5000}" })).toContain("repeat count");
  expect(fault({ kind: "regex", pattern: "(a)", group: 2 })).toContain("1 groups, not 2");
  expect(() => grader.parse({ kind: "regex", pattern: "a", flags: "gx" })).toThrow();
});

test("schemas that are none, reach out or nest without end are refused", () => {
  expect(fault({ kind: "json-schema", schema: { type: "strin" } })).toContain("schema is invalid");
  expect(fault({ kind: "json-schema", schema: { $ref: "https://example.com/s.json" } })).toContain(
    "can't resolve reference",
  );
  expect(fault({ kind: "json-schema", schema: { $ref: "#/$defs/none" } })).toContain("reference");
  expect(
    fault({ kind: "json-schema", schema: { type: "string", pattern: "(?<=a)b" } }),
  ).not.toBeNull();
  expect(fault({ kind: "json-schema", schema: { tpye: "string" } })).toContain("unknown keyword");
  let deep: unknown = { type: "string" };
  for (let level = 0; level < 60; level++) deep = { items: deep };
  expect(() => grader.parse({ kind: "json-schema", schema: deep })).toThrow("deeper");
});

test("a schema that refers to itself fails the grading and nothing else", async () => {
  const loop = {
    kind: "json-schema",
    schema: { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } },
  };
  expect((await judged(loop, "{}")).failure?.errorClass).toBe("grader-error");
  expect((await judged({ kind: "regex", pattern: "a" }, "a")).score).toBe(1);
});

test("a schema that doubles its work at each reference is ended, and the next answer is graded", async () => {
  const $defs: Record<string, unknown> = { d0: { type: "string" } };
  for (let level = 1; level < 40; level++) {
    const $ref = `#/$defs/d${level - 1}`;
    $defs[`d${level}`] = { anyOf: [{ $ref }, { $ref }] };
  }
  const bomb = { kind: "json-schema", schema: { $ref: "#/$defs/d39", $defs } };
  expect(fault(bomb)).toBeNull();
  const { failure } = await judged(bomb, "1");
  // Its errors double too: on a fast machine its memory is used up before its time is.
  expect(failure?.signature).toMatch(/^grader-error\/json-schema (time|ended)$/);
  expect((await judged({ kind: "regex", pattern: "a" }, "a")).score).toBe(1);
});

test("10 MB of JSON are read; one character more is wrong, and so is JSON nested without end", async () => {
  const row = '{"id":1,"text":"abcdefghijklmnopqrstuvwxyz"},';
  const rows = row.repeat(Math.floor(9_900_000 / row.length));
  const json = `[${rows}{"id":2}]`;
  const path = { kind: "json-path", path: "$[-1].id", value: 2 };
  expect((await judged(path, json)).score).toBe(1);
  expect((await judged(path, json.padEnd(10_000_001))).failure?.signature).toBe(
    "wrong-answer/too-long",
  );
  const nested = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
  expect((await judged({ kind: "json-path", path: "$..a" }, nested, "1")).score).toBe(0);
});

test("NUL, lone surrogates and writing from right to left are text like any other", async () => {
  expect((await judged({ kind: "exact" }, "a\0b", "a\0b")).score).toBe(1);
  expect((await judged({ kind: "exact" }, "\uD800", "x")).score).toBe(0);
  expect((await judged({ kind: "contains" }, "התשובה היא שלום עולם", "שלום")).score).toBe(1);
  expect((await judged({ kind: "regex", pattern: "\\p{Hebrew}+" }, "שלום")).score).toBe(1);
  expect((await judged({ kind: "levenshtein" }, "مرحبا", "مرحبا")).score).toBe(1);
  expect((await judged({ kind: "json-path", path: "$.a" }, '{"a":"\\u0000"}', "\0")).score).toBe(1);
});

test("composed and decomposed letters are the same where the grader says so", async () => {
  const composed = "café";
  const decomposed = "cafe\u0301";
  expect((await judged({ kind: "exact" }, decomposed, composed)).score).toBe(0);
  expect((await judged({ kind: "exact", unicode: "nfc" }, decomposed, composed)).score).toBe(1);
  expect((await judged({ kind: "exact", unicode: "nfkc" }, "①", "1")).score).toBe(1);
  expect((await judged({ kind: "levenshtein" }, decomposed, composed)).score).toBe(1);
});

test("likeness is symmetric, 1 for equal texts and never outside 0 to 1", async () => {
  const config = { kind: "levenshtein", ignoreCase: false, threshold: 0 };
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (a, b) => {
      const there = (await judged(config, a, b)).score;
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThanOrEqual(1);
      expect((await judged(config, b, a)).score).toBe(there);
      expect((await judged(config, a, a)).score).toBe(1);
    }),
  );
});

test("a combination's score stays within 0 to 1 and between its parts', and passing follows the thresholds", async () => {
  const part = fc.record({
    grader: fc.constantFrom<SingleGrader>(
      { kind: "exact", ignoreCase: true },
      { kind: "contains", ignoreCase: true },
      { kind: "levenshtein", ignoreCase: true, unicode: "nfc", threshold: 0.8 },
    ),
    weight: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 6 }),
      fc.string(),
      fc.string(),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      async (graders, answer, expected, threshold) => {
        const config = {
          kind: "combined",
          graders,
          ...(threshold === undefined ? {} : { threshold }),
        };
        const { score, grades, outcome, failure } = await judged(config, answer, expected);
        const scores = grades.map((own) => own.score);
        expect(score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-9);
        expect(score).toBeLessThanOrEqual(Math.max(...scores) + 1e-9);
        expect(score >= 0 && score <= 1).toBe(true);
        expect(failure === null).toBe(outcome === "success");
        if (threshold === undefined)
          expect(outcome === "success").toBe(grades.every(({ pass }) => pass));
        else expect(outcome === "success").toBe(score >= threshold - 1e-9);
      },
    ),
  );
});
