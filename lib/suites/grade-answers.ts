/** Judges answers that somebody has already, without running anything: how a grader is tried before money is spent. */
import { z } from "zod";
import type { Estimate } from "#lib/domain/experiment.ts";
import type { Grade } from "#lib/domain/grader.ts";
import { type GradingContext, gradeAnswer } from "../harness/graders.ts";
import type { HarnessBenchmark } from "../harness/trial-request.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import type { LineError } from "./parse-suite.ts";

const answerLine = z.object({ id: z.string().min(1).max(200), answer: z.string() });

/** Reads JSONL, one `{id, answer}` a line; blank lines are skipped, bad ones and repeated ids named. */
export function parseAnswers(text: string): { answers: Map<string, string>; errors: LineError[] } {
  const answers = new Map<string, string>();
  const errors: LineError[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (content.trim() === "") continue;
    const line = index + 1;
    const parsed = answerLine.safeParse(jsonOf(content));
    if (!parsed.success)
      errors.push({ line, message: `not {"id": …, "answer": …}: ${content.slice(0, 80)}` });
    else if (answers.has(parsed.data.id))
      errors.push({ line, message: `a second answer for "${parsed.data.id}"` });
    else answers.set(parsed.data.id, parsed.data.answer);
  }
  return { answers, errors };
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The caller names the line.
    return null;
  }
}

export interface GradedSuite {
  success: Estimate;
  meanScore: number;
  /** What judges cost. */
  costUsd: number;
  /** Benchmarks that no answer was given for: not counted. */
  unanswered: string[];
  /** Ids of answers that no benchmark has. */
  unknown: string[];
  failures: { id: string; score: number; signature: string; message: string; grades: Grade[] }[];
  /** Passes and mean score of each grader, where a benchmark has several. */
  graders: { grader: string; passes: number; n: number; meanScore: number }[];
}

type Answered = Omit<HarnessBenchmark, "id" | "contentHash"> & { externalId: string };

/** Judges each benchmark's answer in turn. */
export async function gradeAnswers(
  benchmarks: readonly Answered[],
  answers: ReadonlyMap<string, string>,
  context: GradingContext,
): Promise<GradedSuite> {
  const failures: GradedSuite["failures"] = [];
  const all: Grade[] = [];
  let n = 0;
  let scores = 0;
  for (const benchmark of benchmarks) {
    const answer = answers.get(benchmark.externalId);
    if (answer === undefined) continue;
    context.signal?.throwIfAborted();
    const { score, failure, grades } = await gradeAnswer(answer, benchmark, context);
    n += 1;
    scores += score;
    all.push(...grades);
    if (failure === null) continue;
    const { signature, message } = failure;
    failures.push({ id: benchmark.externalId, score, signature, message, grades });
  }
  const successes = n - failures.length;
  const ids = new Set(benchmarks.map(({ externalId }) => externalId));
  return {
    success: { value: n === 0 ? 0 : successes / n, n, ...wilsonInterval(successes, n) },
    meanScore: n === 0 ? 0 : scores / n,
    costUsd: all.reduce((sum, { costUsd }) => sum + costUsd, 0),
    unanswered: [...ids].filter((id) => !answers.has(id)),
    unknown: [...answers.keys()].filter((id) => !ids.has(id)),
    failures,
    graders: byGrader(all),
  };
}

function byGrader(grades: readonly Grade[]): GradedSuite["graders"] {
  const groups = new Map<string, Grade[]>();
  for (const grade of grades)
    groups.set(grade.grader, [...(groups.get(grade.grader) ?? []), grade]);
  return [...groups].map(([grader, own]) => ({
    grader,
    passes: own.filter(({ pass }) => pass).length,
    n: own.length,
    meanScore: own.reduce((sum, { score }) => sum + score, 0) / own.length,
  }));
}
