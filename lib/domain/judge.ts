import { z } from "zod";
import type { Estimate } from "./experiment.ts";

const rate = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });

/** What a person said of an answer. */
export interface JudgeLabel {
  id: string;
  suite: string;
  benchmarkId: string;
  /** Id of the benchmark within its suite. */
  externalId: string;
  questionHash: string;
  answer: string;
  answerHash: string;
  pass: boolean;
  labelledBy: string;
  recordedBy: string;
  at: Date;
}

/** Answers whose worth is known beforehand: the first two must fail, the last one must pass. */
export const anchorKinds = ["empty", "wrong", "good"] as const;
export const anchorKind = z.enum(anchorKinds);
export type AnchorKind = z.infer<typeof anchorKind>;

export const anchor = z.object({
  kind: anchorKind,
  /** Id of the benchmark within its suite. */
  benchmark: z.string(),
  passed: z.boolean(),
  /** A grader error is never right. */
  right: z.boolean(),
  /** What the judge said. */
  reason: z.string(),
});
export type Anchor = z.infer<typeof anchor>;

/** How one judge of a suite compares with people, and what that rests on. */
export const judgeFigures = z.object({
  judgeKey: z.string(),
  models: z.array(z.string()),
  promptVersions: z.array(z.int()),
  /** Different rubrics, and benchmarks that it judges. */
  rubrics: z.int(),
  benchmarks: z.int(),
  /** The judge with each of its rubrics. */
  identities: z.array(z.string()),
  labels: z.object({
    answers: z.int(),
    questions: z.int(),
    people: z.int(),
    /** Answers that people disagree on in equal numbers: left out. */
    disputed: z.int(),
    /** Of all of them. */
    digest: z.string(),
  }),
  /** Answers by who passed them. */
  table: z.object({ both: z.int(), judgeOnly: z.int(), peopleOnly: z.int(), neither: z.int() }),
  /** Null where it has no value: the judge and people said the same of all answers. */
  kappa: rate.extend({ effectiveN: z.number() }).nullable(),
  /** Share that the judge passes of what people pass, and fails of what people fail. */
  sensitivity: rate,
  specificity: rate,
  /** Share of all labelled answers that the judge passes. */
  passRate: rate,
  /** Answers that it gave no verdict on; they count as failed. */
  ungraded: z.int(),
  anchors: z.array(anchor),
});
export type JudgeFigures = z.infer<typeof judgeFigures>;

/** What the judging of a certification may cost where nobody says, in USD. */
export const defaultCostLimitUsd = 1;

export const certificationResult = z.object({
  judges: z.array(judgeFigures),
  /** What this comparison cost; kept verdicts cost nothing again. */
  costUsd: z.number(),
  calls: z.int(),
  kept: z.int(),
});
export type CertificationResult = z.infer<typeof certificationResult>;

export const certificationStates = ["queued", "running", "finished", "failed"] as const;
export type CertificationState = (typeof certificationStates)[number];

export interface Certification {
  id: string;
  suite: string;
  state: CertificationState;
  costLimitUsd: number;
  requestedBy: string;
  createdAt: Date;
  finishedAt: Date | null;
  failure: string | null;
  result: CertificationResult | null;
}

/** Whether verdicts may rest on what judges say. */
export interface JudgeStanding {
  state: "no-judge" | "certified" | "uncertified";
  /** In a sentence, for people. */
  reason: string;
  /** Agreement with people beyond chance; of several judges, the lowest. */
  kappa: Estimate | null;
}
