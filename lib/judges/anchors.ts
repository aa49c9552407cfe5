/** Answers whose worth is known beforehand: a judge that errs on one of them is not to be trusted with others. */
import { type AnchorKind, anchorKinds } from "../domain/judge.ts";
import { draw } from "../random.ts";
import type { LabelledAnswer } from "./consensus.ts";
import type { JudgedBenchmark, SuiteJudge } from "./judging.ts";

export interface PlannedAnchor {
  kind: AnchorKind;
  judged: JudgedBenchmark;
  answer: string;
}

/** Benchmarks that each kind of anchor is tried on. */
const benchmarksPerKind = 3;

/**
 * Up to three anchors of each kind, the same at each asking. Where no answer is expected, a wrong and a good one come
 * from what people labelled, one of each: those count in the agreement already, and a fair judge may err on one. A kind
 * for which nothing is known has none.
 */
export function planAnchors(
  judge: SuiteJudge,
  labelled: readonly LabelledAnswer[],
): PlannedAnchor[] {
  const drawn = draw("anchors", judge.key).shuffle(judge.benchmarks);
  const of = (
    kind: AnchorKind,
    count: number,
    answerTo: (judged: JudgedBenchmark) => string | null,
  ): PlannedAnchor[] =>
    drawn
      .flatMap((judged) => {
        const answer = answerTo(judged);
        return answer === null ? [] : [{ kind, judged, answer }];
      })
      .slice(0, count);
  const plain = {
    empty: of("empty", benchmarksPerKind, () => ""),
    wrong: of("wrong", benchmarksPerKind, (judged) => otherAnswer(judged, drawn)),
    good: of("good", benchmarksPerKind, ({ question }) =>
      question.expected.trim() === "" ? null : question.expected,
    ),
  };
  return anchorKinds.flatMap((kind) =>
    plain[kind].length > 0
      ? plain[kind]
      : of(kind, 1, (judged) => known(judged, labelled, kind === "good")),
  );
}

function known(
  { questionHash }: JudgedBenchmark,
  labelled: readonly LabelledAnswer[],
  pass: boolean,
): string | null {
  const found = labelled.find(
    (one) => one.questionHash === questionHash && one.pass === pass && one.answer.trim() !== "",
  );
  return found?.answer ?? null;
}

/** What is right for another question and, as far as words tell, not for this one. */
function otherAnswer(
  { question }: JudgedBenchmark,
  drawn: readonly JudgedBenchmark[],
): string | null {
  const own = normal(question.expected);
  if (own === "") return null;
  const other = drawn.find(({ question: { expected } }) => {
    const words = normal(expected);
    return words !== "" && !words.includes(own) && !own.includes(words);
  });
  return other?.question.expected ?? null;
}

function normal(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
