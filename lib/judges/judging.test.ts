import { expect, test } from "vitest";
import type { Benchmark } from "../domain/benchmark.ts";
import { type Grader, grader } from "../domain/grader.ts";
import type { JudgeLabel } from "../domain/judge.ts";
import { planAnchors } from "./anchors.ts";
import { consensusOn } from "./consensus.ts";
import { judgedBenchmark, judgesOf, judgingOf } from "./judging.ts";

const judge = { kind: "judge", model: "simulated" } as const;

function benchmark(id: string, of: unknown, expected: string | null = "Lima"): Benchmark {
  return {
    id,
    suite: "s",
    externalId: id,
    input: `Question ${id}`,
    expected,
    labels: null,
    grader: grader.parse(of),
    weight: 1,
    contentHash: id,
    family: null,
    group: "g",
    required: false,
    sealed: false,
  };
}
const judgingIn = (of: unknown) => judgingOf(grader.parse(of) satisfies Grader);

test("rules are no judges; a judge among rules is judged by what it decides", () => {
  expect(judgingIn({ kind: "exact" })).toBeNull();
  const alone = judgingIn({ ...judge, threshold: 0.7 });
  expect(alone).toEqual(judgingIn({ ...judge, model: "simulated:standard", threshold: 0.7 }));
  const amongRules = {
    kind: "combined",
    graders: [{ grader: { kind: "exact" } }, { grader: judge, threshold: 0.7 }],
  };
  expect(judgingIn(amongRules)).toEqual(alone);
  const unweighted = {
    kind: "combined",
    threshold: 0.5,
    graders: [{ grader: { kind: "exact" } }, { grader: judge, weight: 0 }],
  };
  expect(judgingIn(unweighted)).toBeNull();
});

test("another model, version or threshold is another judge; another rubric is the same judge with another identity", () => {
  const judges = judgesOf([
    benchmark("a", judge),
    benchmark("b", { ...judge, rubric: "Names the city." }),
    benchmark("c", { ...judge, threshold: 0.9 }),
    benchmark("d", { ...judge, promptVersion: 2 }),
    benchmark("e", { kind: "exact" }),
  ]);
  expect(judges.map(({ benchmarks }) => benchmarks.map((one) => one.benchmark.id))).toEqual([
    ["a", "b"],
    ["c"],
    ["d"],
  ]);
  expect(judges[0]?.identities).toHaveLength(2);
});

test("a question stays the same when only its judge changes, and not when its rubric does", () => {
  const hashOf = (of: unknown) => judgedBenchmark(benchmark("a", of))?.questionHash;
  expect(hashOf({ ...judge, model: "openai:gpt-4.1", threshold: 0.9 })).toBe(hashOf(judge));
  expect(hashOf({ ...judge, rubric: "Names the city." })).not.toBe(hashOf(judge));
});

const [suiteJudge] = judgesOf([benchmark("a", judge), benchmark("b", judge, "Quito")]);
const questionHash = judgedBenchmark(benchmark("a", judge))?.questionHash ?? "";
const label = (answer: string, pass: boolean, labelledBy = "ann"): JudgeLabel => ({
  id: "1",
  suite: "s",
  benchmarkId: "a",
  externalId: "a",
  questionHash,
  answer,
  answerHash: answer,
  pass,
  labelledBy,
  recordedBy: labelledBy,
  at: new Date(0),
});

test("a person's newest word on an answer counts, the majority decides, and a draw is left out", () => {
  if (suiteJudge === undefined) throw new Error("no judge");
  const of = (labels: JudgeLabel[]) => consensusOn(suiteJudge, labels);
  const corrected = of([label("x", false), label("x", true)]);
  expect(corrected.answers).toMatchObject([{ answer: "x", pass: true }]);
  const torn = of([label("x", true), label("x", false, "bob")]);
  expect(torn).toMatchObject({ answers: [], disputed: 1, people: 2 });
  const decided = of([label("x", true), label("x", false, "bob"), label("x", false, "eve")]);
  expect(decided.answers).toMatchObject([{ pass: false }]);
  expect(of([label("x", true)]).digest).not.toBe(of([label("x", false)]).digest);
  expect(of([label("x", true), label("y", true)]).digest).toBe(
    of([label("y", true), label("x", true)]).digest,
  );
  expect(of([{ ...label("x", true), questionHash: "of another judge" }]).answers).toEqual([]);
});

test("anchors are an empty answer, one that is right for another question, and the right one", () => {
  if (suiteJudge === undefined) throw new Error("no judge");
  const anchors = planAnchors(suiteJudge, []);
  const of = (id: string) =>
    anchors
      .filter(({ judged }) => judged.benchmark.id === id)
      .map(({ kind, answer }) => [kind, answer]);
  expect(of("a")).toEqual([
    ["empty", ""],
    ["wrong", "Quito"],
    ["good", "Lima"],
  ]);
});

test("where no answer is expected, anchors come from what people said, or are missing", () => {
  const [open] = judgesOf([benchmark("a", { ...judge, rubric: "Be polite." }, null)]);
  if (open === undefined) throw new Error("no judge");
  expect(planAnchors(open, []).map(({ kind }) => kind)).toEqual(["empty"]);
  const hash = open.benchmarks[0]?.questionHash ?? "";
  const labelled = [
    { questionHash: hash, answerHash: "1", answer: "Please.", pass: true },
    { questionHash: hash, answerHash: "2", answer: "Go away.", pass: false },
  ];
  expect(planAnchors(open, labelled).map(({ kind, answer }) => [kind, answer])).toEqual([
    ["empty", ""],
    ["wrong", "Go away."],
    ["good", "Please."],
  ]);
});
