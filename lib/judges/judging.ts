/**
 * The judges of a suite. A judge is a model with the version of its instructions and its threshold; with its rubrics it
 * is what is certified. Where a benchmark has several graders, only those that are models count here: the others follow
 * rules, and nobody has to be asked about them.
 */
import { contentHash } from "../content-hash.ts";
import type { Benchmark } from "../domain/benchmark.ts";
import type { Grader, GraderPart } from "../domain/grader.ts";
import type { JudgeGrader } from "../graders/judge-request.ts";
import { canonicalModelId } from "../llm/models.ts";

/** What models decide of a benchmark: one of them, or several whose verdicts are combined as in the benchmark. */
export type Judging = JudgeGrader | Extract<Grader, { kind: "combined" }>;

/** A grader with its judges alone; null where no model judges. */
export function judgingOf(grader: Grader): Judging | null {
  if (grader.kind === "judge") return canonical(grader);
  if (grader.kind !== "combined") return null;
  const { threshold } = grader;
  // With a threshold for the mean, what has no weight decides nothing.
  const parts = grader.graders.flatMap((part) => {
    const own = judgePart(part);
    return own === null || (threshold !== undefined && own.weight === 0) ? [] : [own];
  });
  const [first] = parts;
  if (first === undefined) return null;
  if (parts.length === 1) return { ...first.judge, threshold: threshold ?? first.judge.threshold };
  const graders = parts.map(({ judge, weight }) => ({
    grader: judge,
    weight: threshold === undefined ? 1 : weight,
  }));
  return { kind: "combined", graders, ...(threshold !== undefined && { threshold }) };
}

function judgePart(part: GraderPart): { judge: JudgeGrader; weight: number } | null {
  const { grader, weight, threshold } = part;
  if (grader.kind !== "judge") return null;
  return { judge: { ...canonical(grader), threshold: threshold ?? grader.threshold }, weight };
}

function canonical(judge: JudgeGrader): JudgeGrader {
  return { ...judge, model: canonicalModelId(judge.model) };
}

/** The single judges of a judging. */
export function judgesIn(judging: Judging): JudgeGrader[] {
  if (judging.kind === "judge") return [judging];
  return judging.graders.flatMap(({ grader }) => (grader.kind === "judge" ? [grader] : []));
}

/** What a person who labels an answer is shown beside it, since the judge sees the same. */
export interface Question {
  task: string;
  expected: string;
  rubrics: string[];
}

/** A benchmark that a model judges. */
export interface JudgedBenchmark {
  benchmark: Benchmark;
  judging: Judging;
  question: Question;
  questionHash: string;
}

export function judgedBenchmark(benchmark: Benchmark): JudgedBenchmark | null {
  const judging = judgingOf(benchmark.grader);
  if (judging === null) return null;
  const question = {
    task: benchmark.input,
    expected: benchmark.expected ?? "",
    rubrics: judgesIn(judging).flatMap(({ rubric }) => rubric ?? []),
  };
  return { benchmark, judging, question, questionHash: contentHash(question) };
}

/** One judge of a suite, with all that it judges there. */
export interface SuiteJudge {
  /** Model, instructions and threshold: equal for benchmarks that differ in their rubric alone. */
  key: string;
  models: string[];
  promptVersions: number[];
  /** The judge with each of its rubrics. */
  identities: string[];
  benchmarks: JudgedBenchmark[];
}

/** The judge with its rubric. */
export function identityOf({ judging }: Pick<JudgedBenchmark, "judging">): string {
  return contentHash(judging);
}

/** The judges among benchmarks; empty where rules alone grade. */
export function judgesOf(benchmarks: readonly Benchmark[]): SuiteJudge[] {
  const groups = new Map<string, JudgedBenchmark[]>();
  for (const benchmark of benchmarks) {
    const judged = judgedBenchmark(benchmark);
    if (judged === null) continue;
    const key = contentHash(withoutRubrics(judged.judging));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [judged]);
    else group.push(judged);
  }
  return [...groups].map(([key, own]) => {
    const judges = own.flatMap(({ judging }) => judgesIn(judging));
    return {
      key,
      models: [...new Set(judges.map(({ model }) => model))],
      promptVersions: [...new Set(judges.map(({ promptVersion }) => promptVersion))],
      identities: [...new Set(own.map(identityOf))].sort(),
      benchmarks: own,
    };
  });
}

function withoutRubrics(judging: Judging): unknown {
  if (judging.kind === "judge") return plain(judging);
  const graders = judging.graders.map(({ grader, ...part }) => ({
    ...part,
    grader: grader.kind === "judge" ? plain(grader) : grader,
  }));
  return { ...judging, graders };
}

function plain({ rubric: _, ...judge }: JudgeGrader): unknown {
  return judge;
}
