import { expect, test } from "vitest";
import { parseSuite } from "./parse-suite.ts";
import { benchmarkHash } from "./store-benchmarks.ts";

const line = (value: unknown) => JSON.stringify(value);

test("a line becomes a benchmark, judged by its label where it has labels, else by equality", () => {
  const { benchmarks, errors } = parseSuite(
    [
      line({ id: "a", input: "2 + 2", expected: "4" }),
      "",
      line({ id: "b", input: "Nice!", expected: "good", labels: ["good", "bad"] }),
      line({
        id: "c",
        input: "pi",
        expected: "3.14",
        grader: { kind: "numeric", tolerance: 0.01 },
      }),
    ].join("\r\n"),
  );
  expect(errors).toEqual([]);
  expect(benchmarks.map(({ externalId, grader }) => [externalId, grader.kind])).toEqual([
    ["a", "exact"],
    ["b", "label"],
    ["c", "numeric"],
  ]);
});

test("every bad line is reported with its number and what is wrong with it", () => {
  const { benchmarks, errors } = parseSuite(
    [
      line({ id: "a", input: "x", expected: "y" }),
      "{not json",
      line({ id: "b", expected: "y" }),
      line({ id: "a", input: "x", expected: "y" }),
      line({ id: "c", input: "x", expected: "maybe", labels: ["yes", "no"] }),
    ].join("\n"),
  );
  expect(benchmarks).toHaveLength(1);
  expect(errors.map((error) => error.line)).toEqual([2, 3, 4, 5]);
  expect(errors[0]?.message).toContain("not JSON");
  expect(errors[1]?.message).toBe('"input" is missing');
  expect(errors[2]?.message).toContain("line 1");
  expect(errors[3]?.message).toContain("one of");
});

test("a mistyped member, and text that cannot be kept, are bad lines; what the agent needs goes into metadata", () => {
  const row = { id: "a", input: "x", expected: "y" };
  const { benchmarks, errors } = parseSuite(
    [
      line({ ...row, lables: ["y", "z"] }),
      line({ ...row, id: "b\u0000" }),
      line({ ...row, id: "c", labels: ["y", "z\ud800"] }),
      line({ ...row, id: "d", metadata: { file: "a.csv", rows: [1, 2] } }),
      line({ ...row, id: "e", metadata: {} }),
      line({ ...row, id: "f", metadata: { text: "x".repeat(20_000) } }),
    ].join("\n"),
  );
  expect(errors.map((error) => error.line)).toEqual([1, 2, 3, 6]);
  expect(errors[0]?.message).toBe(
    '"lables" is no member of a line; what only the agent needs belongs in "metadata"',
  );
  expect(errors[1]?.message).toContain("cannot be stored");
  expect(errors[3]?.message).toContain("20000 characters");
  expect(benchmarks.map(({ metadata }) => metadata)).toEqual([
    { file: "a.csv", rows: [1, 2] },
    undefined,
  ]);
  const [told, plain] = benchmarks;
  expect(told && benchmarkHash(told)).not.toBe(plain && benchmarkHash(plain));
});

test("a byte order mark before the first line is no part of it", () => {
  const { benchmarks } = parseSuite(`\uFEFF${line({ id: "a", input: "x", expected: "y" })}`);
  expect(benchmarks).toHaveLength(1);
});

test("benchmarks of the first kinds keep their hash, so that their trials are still found", () => {
  const lines = [
    { id: "a", input: "x", expected: "y" },
    { id: "b", input: "x", expected: "yes", labels: ["yes", "no"] },
    { id: "c", input: "x", expected: "3.5", grader: { kind: "numeric", tolerance: 0.01 } },
    { id: "d", input: "x", expected: "y", grader: { kind: "contains" } },
  ];
  const { benchmarks } = parseSuite(lines.map(line).join("\n"));
  expect(benchmarks.map(benchmarkHash)).toEqual([
    "2be639c23b8d81845459326448d78393d4c9a2e2eacccc9da7ba73ccb909a4a1",
    "50498a9daedab26111743d3d6c7a5ebaa19b06016df9b145426759de11352538",
    "bfb99184453800a630a727a378e0cd6f2daeab83f71c889a4ae25ea526eeeb4b",
    "f98f4fba8615ebd306dfb3bcce1903f32f702cba92b7f9f3c4240d9110091d5b",
  ]);
});
