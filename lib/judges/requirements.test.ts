import { expect, test } from "vitest";
import type { Anchor, AnchorKind, JudgeFigures } from "../domain/judge.ts";
import { shortcomingsOf } from "./requirements.ts";

const anchor = (kind: AnchorKind, passed = kind === "good"): Anchor => ({
  kind,
  benchmark: "b1",
  passed,
  right: passed === (kind === "good"),
  reason: "It is four.",
});
const rate = (value: number, n = 60) => ({ value, low: value, high: value, n });

function figures(rest: Partial<JudgeFigures> = {}): JudgeFigures {
  return {
    judgeKey: "k",
    models: ["openai:judge"],
    promptVersions: [3],
    rubrics: 1,
    benchmarks: 20,
    identities: ["i"],
    labels: { answers: 60, questions: 20, people: 1, disputed: 0, digest: "d" },
    table: { both: 30, judgeOnly: 5, peopleOnly: 3, neither: 22 },
    kappa: { value: 0.73, low: 0.55, high: 0.85, n: 60, effectiveN: 60 },
    sensitivity: rate(0.9),
    specificity: rate(0.8),
    passRate: rate(0.6),
    ungraded: 0,
    anchors: [anchor("empty"), anchor("wrong"), anchor("good")],
    ...rest,
  };
}
const saidOf = (rest: Partial<JudgeFigures>, kappaMin = 0.4) =>
  shortcomingsOf(figures(rest), { kappaMin }).join(" ");

test("fifty labels, a lower bound at the setting and right anchors are enough, and no less is", () => {
  expect(saidOf({})).toBe("");
  const { labels, kappa } = figures();
  expect(saidOf({ labels: { ...labels, answers: 50 } })).toBe("");
  expect(saidOf({ labels: { ...labels, answers: 49 } })).toContain("49 of at least 50");
  expect(saidOf({ kappa: kappa && { ...kappa, low: 0.4 } })).toBe("");
  expect(saidOf({ kappa: kappa && { ...kappa, low: 0.399 } })).toContain("kappa 0.73");
  expect(saidOf({}, 0.6)).toContain("must reach 0.60");
});

test.each([
  ["empty", true, "It passed an empty answer"],
  ["wrong", true, "It passed a wrong answer"],
  ["good", false, "It did not pass a good answer"],
] as const)(
  "an anchor that it errs on (%s) is named with the judge's words",
  (kind, passed, words) => {
    const { anchors } = figures();
    const said = saidOf({ anchors: [...anchors, anchor(kind, passed)] });
    expect(said).toContain(`${words} to "b1": It is four.`);
  },
);

test("a judge that gave no verdict on an anchor, or for which an anchor is not known, is not certified", () => {
  const unread: Anchor = { ...anchor("empty"), right: false };
  expect(saidOf({ anchors: [unread, anchor("wrong"), anchor("good")] })).toContain(
    "It gave no verdict on an empty answer",
  );
  expect(saidOf({ anchors: [anchor("empty"), anchor("good")] })).toContain(
    "A wrong answer to try it on is not known",
  );
});

test("a judge that passes nearly everything trips the wire, whatever its kappa", () => {
  expect(saidOf({ passRate: rate(0.95) })).toBe("");
  expect(saidOf({ passRate: rate(0.98) })).toContain("It passes 59 of 60 labelled answers");
});

test("where the judge and people say the same of all answers, kappa has no value and that is said", () => {
  const table = { both: 60, judgeOnly: 0, peopleOnly: 0, neither: 0 };
  expect(saidOf({ kappa: null, table })).toContain("label answers that fail, too");
});
