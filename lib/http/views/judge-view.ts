import { hasBenchmarks } from "#lib/db/benchmarks.ts";
import type { Executor } from "#lib/db/client.ts";
import type { Page } from "#lib/db/cursor.ts";
import type { Certification, JudgeLabel } from "#lib/domain/judge.ts";
import { AppError } from "#lib/errors.ts";
import { judgeReports, standingOf } from "#lib/judges/standing.ts";
import type { CertificationShape, JudgeLabelPage, JudgeStandingShape } from "../shapes/judge.ts";

/** Where the judges of a suite stand. Throws AppError("not-found") for a suite without benchmarks. */
export async function judgeStandingView(db: Executor, suite: string): Promise<JudgeStandingShape> {
  await requireSuite(db, suite);
  const reports = await judgeReports(db, suite);
  return {
    suite,
    ...standingOf(reports),
    judges: reports.map(({ judge, labelledAnswers, figures, shortcomings }) => ({
      models: judge.models,
      benchmarks: judge.benchmarks.length,
      labelledAnswers,
      figures,
      shortcomings,
    })),
  };
}

/** Throws AppError("not-found") for a suite without benchmarks. */
export async function requireSuite(db: Executor, suite: string): Promise<void> {
  if (!(await hasBenchmarks(db, suite)))
    throw new AppError("not-found", `There is no suite "${suite}".`);
}

export function labelPageView({ items, nextCursor }: Page<JudgeLabel>): JudgeLabelPage {
  return {
    items: items.map(({ id, externalId, benchmarkId, answer, pass, ...label }) => ({
      id,
      benchmark: externalId,
      benchmarkId,
      answer,
      pass,
      by: label.labelledBy,
      recordedBy: label.recordedBy,
      at: label.at.toISOString(),
    })),
    nextCursor,
  };
}

export function certificationView(certification: Certification): CertificationShape {
  const { createdAt, finishedAt } = certification;
  return {
    ...certification,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
