/** Judges answers of imported suites. The graders themselves are in lib/graders. */
import type { CombinedGrader, Grade, GraderPart, SingleGrader } from "../domain/grader.ts";
import type { Failure, Outcome, ProviderFault } from "../domain/trial.ts";
import { gradeBounded } from "../graders/bounded.ts";
import { type GraderCommands, gradeByCommand, noGraderCommands } from "../graders/commands.ts";
import { gradeByJudge, type JudgeContext } from "../graders/judge.ts";
import type { JudgedAnswer } from "../graders/judge-request.ts";
import { type Judgement, reaches, ungraded, wrong } from "../graders/judgement.ts";
import { gradeNumeric } from "../graders/numbers.ts";
import { gradeContains, gradeExact, gradeLabel, gradeLevenshtein } from "../graders/texts.ts";
import type { HarnessBenchmark } from "./trial-request.ts";

/** What graders may use beside the answer; one that needs what is not there fails and says so. */
export interface GradingContext {
  judge?: Omit<JudgeContext, "signal">;
  commands?: GraderCommands;
  signal?: AbortSignal;
}

export interface Grading {
  /** 0..1; 1 is right. Of several graders, their weighted mean. */
  score: number;
  outcome: Outcome;
  /** There exactly when the outcome is a failure. */
  failure: Failure | null;
  grades: Grade[];
  /** What judging cost; a part of the trial's cost. */
  costUsd: number;
  /** A provider, and not the answer, is to blame. */
  fault?: ProviderFault;
}

/** Longer answers are wrong whatever they say. */
const answerLengthMax = 10_000_000;

/** Judges an answer by its benchmark's grader or graders. What an answer or a grader does wrong never throws. */
export async function gradeAnswer(
  answer: string,
  benchmark: Omit<HarnessBenchmark, "id" | "contentHash">,
  context: GradingContext = {},
): Promise<Grading> {
  const { grader, labels } = benchmark;
  const judged = { answer, task: benchmark.input, expected: benchmark.expected ?? "", labels };
  if (grader.kind === "workbench")
    return gradingOf(
      [],
      wrong("wrong-grader", "A workbench problem is judged by its own verifier."),
    );
  if (answer.length > answerLengthMax)
    return gradingOf(
      [],
      wrong("too-long", `The answer has more than ${answerLengthMax} characters.`),
    );
  if (grader.kind === "combined") return gradeCombined(grader, judged, context);
  const judgement = await judge(grader, judged, context);
  return gradingOf([gradeOf(grader.kind, judgement)], judgement);
}

async function gradeCombined(
  { graders, threshold }: CombinedGrader,
  judged: JudgedAnswer,
  context: GradingContext,
): Promise<Grading> {
  const judgements: Judgement[] = [];
  for (const part of graders) judgements.push(await judgePart(part, judged, context));
  const names = partNames(graders);
  const grades = judgements.map((judgement, index) => gradeOf(names[index] ?? "grader", judgement));
  const score = weightedMean(
    judgements.map((judgement, index) => ({
      score: judgement.score,
      weight: graders[index]?.weight ?? 0,
    })),
  );
  const failures = judgements.flatMap((judgement) => judgement.failure ?? []);
  const broken = failures.find(({ errorClass }) => errorClass !== "wrong-answer");
  const passes = threshold === undefined ? failures.length === 0 : reaches(score, threshold);
  const failure =
    broken ??
    (passes
      ? null
      : (failures[0] ??
        wrong("below threshold", `The graders' mean is ${score.toFixed(3)}, below ${threshold}.`)
          .failure));
  const fault = judgements.find((judgement) => judgement.fault !== undefined)?.fault;
  return gradingOf(grades, { score, failure, ...(failure && fault && { fault }) });
}

/** A part's own threshold stands instead of its grader's. */
async function judgePart(
  { grader, threshold }: GraderPart,
  judged: JudgedAnswer,
  context: GradingContext,
): Promise<Judgement> {
  if (threshold === undefined) return judge(grader, judged, context);
  if ("threshold" in grader) return judge({ ...grader, threshold }, judged, context);
  const judgement = await judge(grader, judged, context);
  const isWrong = judgement.failure?.errorClass === "wrong-answer";
  return isWrong && reaches(judgement.score, threshold)
    ? { ...judgement, failure: null }
    : judgement;
}

async function judge(
  grader: SingleGrader,
  judged: JudgedAnswer,
  context: GradingContext,
): Promise<Judgement> {
  switch (grader.kind) {
    case "exact":
      return gradeExact(grader, judged);
    case "contains":
      return gradeContains(grader, judged);
    case "numeric":
      return gradeNumeric(grader, judged);
    case "label":
      return gradeLabel(judged);
    case "levenshtein":
      return gradeLevenshtein(grader, judged);
    case "regex":
    case "json-path":
    case "json-schema": {
      const { answer, expected, labels } = judged;
      return gradeBounded({ grader, answer: { answer, expected, labels } });
    }
    case "command":
      return gradeByCommand(grader, judged, context.commands ?? noGraderCommands, context.signal);
    case "judge": {
      if (context.judge === undefined)
        return ungraded("judge unavailable", "No models are at hand here to judge with.");
      const signal = context.signal ?? new AbortController().signal;
      return gradeByJudge(grader, judged, { ...context.judge, signal });
    }
  }
}

/** Mean of scores by weight, kept within 0..1 where rounding would leave it. */
export function weightedMean(parts: readonly { score: number; weight: number }[]): number {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const total = parts.reduce((sum, { score, weight }) => sum + score * weight, 0);
  return weights === 0 ? 0 : Math.min(1, Math.max(0, total / weights));
}

/** What the parts' grades are called: their names or kinds, numbered where several have the same. */
function partNames(parts: readonly GraderPart[]): string[] {
  const seen = new Map<string, number>();
  return parts.map(({ name, grader }) => {
    const own = name ?? grader.kind;
    const count = (seen.get(own) ?? 0) + 1;
    seen.set(own, count);
    return count === 1 ? own : `${own}-${count}`;
  });
}

function gradeOf(grader: string, { score, failure, remark, costUsd = 0 }: Judgement): Grade {
  const reason = failure?.message ?? remark ?? null;
  return { grader, score, pass: failure === null, reason: reason?.slice(0, 500) ?? null, costUsd };
}

function gradingOf(grades: Grade[], { score, failure, fault }: Judgement): Grading {
  const costUsd = grades.reduce((sum, grade) => sum + (grade.costUsd ?? 0), 0);
  const outcome = failure === null ? "success" : "failure";
  return { score, outcome, failure, grades, costUsd, ...(fault && { fault }) };
}
