import type { Failure } from "../domain/trial.ts";
import type { HarnessBenchmark } from "./trial-request.ts";

export interface Grade {
  /** 0..1; 1 is right. */
  score: number;
  failure: Failure | null;
}

/** Judges an answer of an imported suite. An answer without any label is wrong, never the first class. */
export function gradeAnswer(answer: string, benchmark: HarnessBenchmark): Grade {
  const { grader, labels } = benchmark;
  const expected = benchmark.expected ?? "";
  switch (grader.kind) {
    case "exact":
      return verdict(
        normalise(answer, grader.ignoreCase) === normalise(expected, grader.ignoreCase),
        answer,
        expected,
      );
    case "contains":
      return verdict(
        normalise(answer, grader.ignoreCase).includes(normalise(expected, grader.ignoreCase)),
        answer,
        expected,
      );
    case "numeric": {
      const found = lastNumber(answer);
      const target = lastNumber(expected);
      const close =
        found !== null && target !== null && Math.abs(found - target) <= grader.tolerance;
      return verdict(close, answer, expected);
    }
    case "label": {
      const label = firstLabel(answer, labels ?? [expected]);
      if (label === null)
        return wrong("no-label", `The answer names none of the labels: "${answer.slice(0, 200)}"`);
      return verdict(label.toLowerCase() === expected.toLowerCase(), label, expected);
    }
    case "workbench":
      return wrong("wrong-grader", "A workbench problem is judged by its own verifier.");
  }
}

/** The label that occurs first in the answer as words of its own, the longest of those that begin there. */
function firstLabel(answer: string, labels: readonly string[]): string | null {
  let best: { label: string; at: number } | null = null;
  for (const label of labels) {
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])${escapePattern(label)}(?![\\p{L}\\p{N}])`,
      "iu",
    );
    const at = pattern.exec(answer)?.index;
    if (at === undefined) continue;
    const better =
      best === null || at < best.at || (at === best.at && label.length > best.label.length);
    if (better) best = { label, at };
  }
  return best?.label ?? null;
}

/** The number behind "answer", where one is announced, else the last one: reasoning comes before its result. */
function lastNumber(text: string): number | null {
  const plain = text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, "");
  const pattern = "[-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?";
  const announced = [
    ...plain.matchAll(
      new RegExp(`(?:\\banswer\\b(?: is)?[\\s:=*$(]{0,6}|####\\s*)(${pattern})`, "gi"),
    ),
  ];
  const number = announced.at(-1)?.[1] ?? plain.match(new RegExp(pattern, "gi"))?.at(-1);
  return number === undefined ? null : Number(number);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function normalise(text: string, ignoreCase: boolean): string {
  const trimmed = text.replace(/\s+/g, " ").trim();
  return ignoreCase ? trimmed.toLowerCase() : trimmed;
}

function verdict(right: boolean, answer: string, expected: string): Grade {
  return right
    ? { score: 1, failure: null }
    : wrong(`expected ${expected}`, `Answered "${answer.slice(0, 200)}" instead of "${expected}".`);
}

function wrong(detail: string, message: string): Grade {
  const signature = `wrong-answer/${detail}`.slice(0, 200);
  return { score: 0, failure: { errorClass: "wrong-answer", signature, message } };
}
