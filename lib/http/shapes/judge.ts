import { z } from "zod";
import { certificationResult, certificationStates, judgeFigures } from "#lib/domain/judge.ts";
import { estimate, instant, pageOf } from "./common.ts";

/** Whether verdicts may rest on a suite's judges, and what is known of each. */
export const judgeStandingShape = z
  .object({
    suite: z.string(),
    state: z.enum(["no-judge", "certified", "uncertified"]),
    /** In a sentence. */
    reason: z.string(),
    /** Agreement with people beyond chance; of several judges, the lowest. */
    kappa: estimate.nullable(),
    judges: z.array(
      z.object({
        models: z.array(z.string()),
        benchmarks: z.int(),
        /** As people have labelled by now. */
        labelledAnswers: z.int(),
        /** Of the newest certification; null where that did not know this judge. */
        figures: judgeFigures.nullable(),
        /** What speaks against it, in sentences. */
        shortcomings: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "JudgeStanding" });
export type JudgeStandingShape = z.infer<typeof judgeStandingShape>;

export const judgeLabelPage = pageOf(
  z.object({
    id: z.string(),
    /** Id of the benchmark within its suite. */
    benchmark: z.string(),
    benchmarkId: z.uuid(),
    answer: z.string(),
    pass: z.boolean(),
    by: z.string(),
    recordedBy: z.string(),
    at: instant,
  }),
);
export type JudgeLabelPage = z.infer<typeof judgeLabelPage>;

export const importedLabels = z.object({
  suite: z.string(),
  created: z.int(),
  /** What the same person last said of the same answer. */
  unchanged: z.int(),
});

export const certificationShape = z
  .object({
    id: z.uuid(),
    suite: z.string(),
    state: z.enum(certificationStates),
    costLimitUsd: z.number(),
    requestedBy: z.string(),
    createdAt: instant,
    finishedAt: instant.nullable(),
    /** Why it came to nothing. */
    failure: z.string().nullable(),
    result: certificationResult.nullable(),
  })
  .meta({ id: "JudgeCertification" });
export type CertificationShape = z.infer<typeof certificationShape>;

export const certificationPage = pageOf(certificationShape);
