/** Answers that a person could label next, without what the judge said of them. */
import { z } from "zod";
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Executor } from "#lib/db/client.ts";
import { loadJudgeLabels } from "#lib/db/judge-labels.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { contentHash } from "../content-hash.ts";
import { traceStep } from "../domain/trial.ts";
import { draw } from "../random.ts";
import { judgedBenchmark, type Question } from "./judging.ts";

export interface AnswerToLabel {
  /** Id of the benchmark within its suite. */
  id: string;
  question: Question;
  answer: string;
}

export interface AnswersToLabel {
  answers: AnswerToLabel[];
  /** Different answers that this person has labelled before. */
  labelled: number;
}

/** The newest trials that are looked at: reading their traces takes a second or two. */
const trialsMax = 2_000;
/** Traces keep this much of a text; what is longer was cut, and nobody can judge half an answer. */
const cutAt = 4_000;

const trialRow = z.object({
  agent_type: z.string(),
  benchmark_id: z.string(),
  steps: z.array(traceStep),
});

/**
 * Answers of a suite's stored trials, or the given ones by benchmark id, that this person has not labelled. Different
 * answers only; one of each question before a second one of any, since answers to one question say less together.
 * The order is drawn, so that the judge's verdicts have no part in what is labelled first.
 */
export async function answersToLabel(
  db: Executor,
  { suite, by, given }: { suite: string; by: string; given?: ReadonlyMap<string, string> },
): Promise<AnswersToLabel> {
  const judged = (await loadSuite(db, suite)).flatMap((one) => judgedBenchmark(one) ?? []);
  const found =
    given === undefined ? await answersOfTrials(db, suite) : answersGiven(judged, given);
  const done = new Set(
    (await loadJudgeLabels(db, suite))
      .filter(({ labelledBy }) => labelledBy === by)
      .map(({ questionHash, answerHash }) => `${questionHash}/${answerHash}`),
  );
  let labelled = 0;
  const byQuestion = new Map<string, AnswerToLabel[]>();
  for (const { questionHash, question, benchmark } of judged) {
    if (byQuestion.has(questionHash)) continue;
    const open = [...(found.get(questionHash) ?? [])].filter((answer) => {
      const isDone = done.has(`${questionHash}/${contentHash(answer)}`);
      if (isDone) labelled += 1;
      return !isDone;
    });
    const drawn = draw("label", suite, questionHash).shuffle(open.sort());
    byQuestion.set(
      questionHash,
      drawn.map((answer) => ({ id: benchmark.externalId, question, answer })),
    );
  }
  const queues = draw("label", suite).shuffle([...byQuestion.values()]);
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  const answers = Array.from({ length: longest }, (_, k) =>
    queues.flatMap((queue) => queue[k] ?? []),
  ).flat();
  return { answers, labelled };
}

function answersGiven(
  judged: readonly { questionHash: string; benchmark: { externalId: string } }[],
  given: ReadonlyMap<string, string>,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { questionHash, benchmark } of judged) {
    const answer = given.get(benchmark.externalId);
    if (answer !== undefined)
      found.set(questionHash, (found.get(questionHash) ?? new Set()).add(answer));
  }
  return found;
}

/** Whole answers by question: those of benchmarks that have changed only how they are graded count too. */
async function answersOfTrials(db: Executor, suite: string): Promise<Map<string, Set<string>>> {
  const rows = await queryRows(
    db,
    trialRow,
    sql`SELECT t.agent_type, t.benchmark_id, t.trace -> 'steps' AS steps
        FROM trials t JOIN benchmarks b ON b.id = t.benchmark_id
        WHERE b.suite = ${suite}::text
        ORDER BY t.created_at DESC, t.evaluation_key LIMIT ${trialsMax}::int`,
  );
  const hashes = await questionHashes(db, suite);
  const found = new Map<string, Set<string>>();
  for (const { agent_type: agentType, benchmark_id: benchmarkId, steps } of rows) {
    const questionHash = hashes.get(benchmarkId);
    const last = steps.findLast((step) => step.agentType === agentType && step.kind === "message");
    if (questionHash === undefined || last === undefined) continue;
    const { text } = last;
    if (text.trim() === "" || (text.length >= cutAt && text.endsWith("…"))) continue;
    found.set(questionHash, (found.get(questionHash) ?? new Set()).add(text));
  }
  return found;
}

/** Questions of all benchmarks of a suite by their row id, retired ones too. */
async function questionHashes(db: Executor, suite: string): Promise<Map<string, string>> {
  const benchmarks = await loadSuite(db, suite, { retired: true });
  return new Map(
    benchmarks.flatMap((one) => {
      const judged = judgedBenchmark(one);
      return judged === null ? [] : [[one.id, judged.questionHash] as const];
    }),
  );
}
