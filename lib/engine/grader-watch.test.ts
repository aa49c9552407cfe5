import { expect, test } from "vitest";
import type { Arm } from "../domain/trial.ts";
import { GraderWatch, isGraderDown, type WatchedTrial } from "./grader-watch.ts";

function trial(failed: boolean, promptId = "p", arm: Arm = "baseline"): WatchedTrial {
  const failure = {
    errorClass: "grader-error",
    signature: "grader-error/judge no-verdict",
    message: "No verdict.",
  } as const;
  return { promptId, arm, failure: failed ? failure : null };
}
const trials = (count: number, failed: boolean) =>
  Array.from({ length: count }, () => trial(failed));

/** After how many trials the watch says so; null for never. */
function noticedAfter(sequence: readonly WatchedTrial[]): number | null {
  const watch = new GraderWatch();
  const at = sequence.findIndex((one) => watch.note(one));
  return at === -1 ? null : at + 1;
}

test("a grader that never worked is noticed after ten trials", () => {
  expect(noticedAfter(trials(120, true))).toBe(10);
});

test("a grader that breaks after many good trials is noticed within sixteen more", () => {
  expect(noticedAfter([...trials(500, false), ...trials(120, true)])).toBe(516);
});

test("one failed grading in fifty, and even one in three, stops nothing", () => {
  const every = (n: number) => Array.from({ length: 600 }, (_, i) => trial(i % n === 0));
  expect(noticedAfter(every(50))).toBeNull();
  expect(noticedAfter(every(3))).toBeNull();
});

test("answers of one child that a grader cannot read stop nothing, those of two children do", () => {
  const child = (id: string) => Array.from({ length: 12 }, () => trial(true, id, "candidate"));
  expect(noticedAfter(child("a"))).toBeNull();
  expect(noticedAfter([...child("a"), ...child("b")])).toBe(13);
});

test("wrong answers are no fault of the grader", () => {
  const wrong = { errorClass: "wrong-answer", signature: "wrong-answer/x", message: "." } as const;
  expect(isGraderDown(trials(40, true).map((one) => ({ ...one, failure: wrong })))).toBe(false);
});
