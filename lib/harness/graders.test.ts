import { expect, test } from "vitest";
import type { Grader } from "../domain/grader.ts";
import { gradeAnswer } from "./graders.ts";

async function grade(
  grader: Grader,
  answer: string,
  expected: string,
  labels: string[] | null = null,
): Promise<number> {
  const benchmark = { id: "b", contentHash: "h", input: "?", expected, labels, grader };
  return (await gradeAnswer(answer, benchmark)).score;
}

const label: Grader = { kind: "label" };
const labels = ["negative", "positive", "very positive"];

test("an exact answer may differ in case and space, and in nothing else", async () => {
  const grader: Grader = { kind: "exact", ignoreCase: true };
  expect(await grade(grader, "  New\n York ", "new york")).toBe(1);
  expect(await grade(grader, "New York!", "New York")).toBe(0);
  expect(await grade({ kind: "exact", ignoreCase: false }, "new york", "New York")).toBe(0);
  expect(await grade(grader, "", "New York")).toBe(0);
});

test("a contained answer counts within other words", async () => {
  const grader: Grader = { kind: "contains", ignoreCase: true };
  expect(await grade(grader, "It is PARIS.", "Paris")).toBe(1);
  expect(await grade(grader, "It is London.", "Paris")).toBe(0);
});

test("the first label in the answer is the answer", async () => {
  expect(await grade(label, "Positive, not negative.", "positive", labels)).toBe(1);
  expect(await grade(label, "Negative rather than positive.", "positive", labels)).toBe(0);
  expect(await grade(label, "**positive**", "positive", labels)).toBe(1);
});

test("a label counts as a word of its own, the longest where several begin", async () => {
  expect(await grade(label, "positively", "positive", labels)).toBe(0);
  expect(await grade(label, "very positive", "very positive", labels)).toBe(1);
  expect(await grade(label, "positive C++", "C++", ["C", "C++"])).toBe(1);
});

test("an answer without any label is wrong and says so", async () => {
  const benchmark = {
    id: "b",
    contentHash: "h",
    input: "?",
    expected: "negative",
    labels,
    grader: label,
  };
  expect((await gradeAnswer("I cannot tell.", benchmark)).failure?.signature).toBe(
    "wrong-answer/no-label",
  );
  expect((await gradeAnswer("", benchmark)).score).toBe(0);
});

test("the last number is the answer, within its tolerance, thousands and exponents read", async () => {
  const grader: Grader = { kind: "numeric", tolerance: 0.01 };
  expect(await grade(grader, "3 + 4 = 7", "7")).toBe(1);
  expect(await grade(grader, "The sum is 1,234.5 USD.", "1234.5")).toBe(1);
  expect(await grade(grader, "-1.5e3", "-1500")).toBe(1);
  expect(await grade(grader, "7.02", "7")).toBe(0);
  expect(await grade(grader, "seven", "7")).toBe(0);
  expect(await grade(grader, "0", "")).toBe(0);
});

test("a final answer that is announced wins over numbers behind it", async () => {
  const grader: Grader = { kind: "numeric", tolerance: 0 };
  expect(await grade(grader, "Answer: 42\n(checked in 3 ways)", "42")).toBe(1);
});

test("a workbench problem is never judged by its words", async () => {
  expect(await grade({ kind: "workbench" }, "any", "any")).toBe(0);
});
