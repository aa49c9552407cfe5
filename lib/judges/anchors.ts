/** Answers whose worth is known beforehand: a judge that errs on one of them is not to be trusted with others. */
import type { AnchorKind } from "../domain/judge.ts";
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

/** Up to three anchors of each kind, the same at each asking; a kind for which nothing is known has none. */
export function planAnchors(
  judge: SuiteJudge,
  labelled: readonly LabelledAnswer[],
): PlannedAnchor[] {
  const drawn = draw("anchors", judge.key).shuffle(judge.benchmarks);
  const firstOf = (kind: AnchorKind, answerTo: (judged: JudgedBenchmark) => string | null) =>
    drawn
      .flatMap((judged) => {
        const answer = answerTo(judged);
        return answer === null ? [] : [{ kind, judged, answer }];
      })
      .slice(0, benchmarksPerKind);
  return [
    ...firstOf("empty", () => ""),
    ...firstOf("wrong", (judged) => otherAnswer(judged, drawn) ?? known(judged, labelled, false)),
    ...firstOf("good", (judged) => goodAnswer(judged, labelled)),
  ];
}

/** With a rubric an expected answer need not be all that it asks for: what people passed comes first. */
function goodAnswer(judged: JudgedBenchmark, labelled: readonly LabelledAnswer[]): string | null {
  const { expected, rubrics } = judged.question;
  const passed = known(judged, labelled, true);
  const given = expected.trim() === "" ? null : expected;
  return rubrics.length > 0 ? (passed ?? given) : (given ?? passed);
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
