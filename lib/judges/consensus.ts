/** What people say of answers together: each has one voice on an answer, their newest one. */
import { contentHash } from "../content-hash.ts";
import type { JudgeLabel } from "../domain/judge.ts";
import type { SuiteJudge } from "./judging.ts";

/** An answer with what people say of it. */
export interface LabelledAnswer {
  questionHash: string;
  answerHash: string;
  answer: string;
  pass: boolean;
}

export interface Consensus {
  /** In an order that depends on nothing but the labels. */
  answers: LabelledAnswer[];
  people: number;
  /** Answers on which as many say yes as no: nobody can tell what is right. */
  disputed: number;
  /** Changes when any of the answers, or what people say of one, does. */
  digest: string;
}

/** What is said of the answers to a judge's questions; `labels` in the order in which they were given. */
export function consensusOn(judge: SuiteJudge, labels: readonly JudgeLabel[]): Consensus {
  const questions = new Set(judge.benchmarks.map(({ questionHash }) => questionHash));
  const voices = new Map<string, { answer: LabelledAnswer; byPerson: Map<string, boolean> }>();
  const people = new Set<string>();
  for (const { questionHash, answerHash, answer, pass, labelledBy } of labels) {
    if (!questions.has(questionHash)) continue;
    people.add(labelledBy);
    const key = `${questionHash}/${answerHash}`;
    const own = voices.get(key) ?? {
      answer: { questionHash, answerHash, answer, pass },
      byPerson: new Map<string, boolean>(),
    };
    own.byPerson.set(labelledBy, pass);
    voices.set(key, own);
  }
  let disputed = 0;
  const answers: LabelledAnswer[] = [];
  for (const { answer, byPerson } of voices.values()) {
    const yes = [...byPerson.values()].filter(Boolean).length;
    if (2 * yes === byPerson.size) disputed += 1;
    else answers.push({ ...answer, pass: 2 * yes > byPerson.size });
  }
  answers.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const digest = contentHash(answers.map((answer) => [keyOf(answer), answer.pass]));
  return { answers, people: people.size, disputed, digest };
}

function keyOf({ questionHash, answerHash }: LabelledAnswer): string {
  return `${questionHash}/${answerHash}`;
}
