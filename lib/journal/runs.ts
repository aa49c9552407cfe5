import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { parseStored } from "#lib/db/query.ts";
import {
  type Failure,
  failure,
  type Outcome,
  outcome,
  type TraceStep,
  traceStep,
} from "#lib/domain/trial.ts";
import { moment } from "../domain/moment.ts";
import { AppError } from "../errors.ts";

/** A run of one agent as the journal keeps it. */
export interface JournalRun {
  runId: string;
  traceId: string | null;
  agentType: string;
  promptId: string | null;
  benchmarkId: string | null;
  outcome: Outcome;
  costUsd: number;
  inputTokens: number;
  outputTokens: number;
  latencyMs: number;
  model: string | null;
  simulated: boolean;
  source: string;
  errorSignature: string | null;
  failure: Failure | null;
  startedAt: Date;
}

export interface JournalRunWithSteps extends JournalRun {
  steps: TraceStep[];
}

export const runFilter = z.strictObject({
  agentType: z.string().optional(),
  outcome: outcome.optional(),
  promptId: z.uuid().optional(),
  errorSignature: z.string().optional(),
  traceId: z.string().optional(),
  from: moment.optional(),
  to: moment.optional(),
});
export type RunFilter = z.infer<typeof runFilter>;

const runKey = z.strictObject({ startedAt: z.iso.datetime(), runId: z.string() });

/** Runs, newest first. */
export async function listRuns(
  db: Executor,
  query: RunFilter & PageRequest = {},
): Promise<Page<JournalRun>> {
  const { from, to, limit: _, cursor, ...equal } = query;
  const limit = pageLimit(query);
  const after = decodeCursor(runKey, cursor);
  const rows = await db.journalRun.findMany({
    where: {
      AND: [
        defined(equal),
        from === undefined ? {} : { startedAt: { gte: from } },
        to === undefined ? {} : { startedAt: { lt: to } },
        after === null ? {} : olderThan(new Date(after.startedAt), after.runId),
      ],
    },
    orderBy: [{ startedAt: "desc" }, { runId: "asc" }],
    take: limit + 1,
  });
  return pageOf(rows, limit, {
    item: toRun,
    key: ({ startedAt, runId }) => ({ startedAt: startedAt.toISOString(), runId }),
  });
}

/** One run with its steps, or null. */
export async function getRun(db: Executor, runId: string): Promise<JournalRunWithSteps | null> {
  const row = await db.journalRun.findUnique({
    where: { runId },
    include: { steps: { orderBy: { position: "asc" } } },
  });
  return row === null ? null : { ...toRun(row), steps: row.steps.map(toStep) };
}

/** Throws AppError("not-found") when there is no such run. */
export async function requireRun(db: Executor, runId: string): Promise<JournalRunWithSteps> {
  const run = await getRun(db, runId);
  if (run === null) throw new AppError("not-found", `There is no run ${runId}.`);
  return run;
}

/** The last failed runs of an agent with their steps, newest first: what hypotheses are made from. */
export async function failedRuns(
  db: Executor,
  agentType: string,
  lastN: number,
): Promise<JournalRunWithSteps[]> {
  const rows = await db.journalRun.findMany({
    where: { agentType, outcome: "failure" },
    include: { steps: { orderBy: { position: "asc" } } },
    orderBy: [{ startedAt: "desc" }, { runId: "asc" }],
    take: lastN,
  });
  return rows.map((row) => ({ ...toRun(row), steps: row.steps.map(toStep) }));
}

/**
 * The newest run of a prompt on each benchmark that its controller named, at most `most` of them: what production has
 * shown of rows of a suite.
 */
export async function newestRunsOnRows(
  db: Executor,
  promptId: string,
  most: number,
): Promise<JournalRun[]> {
  const rows = await db.journalRun.findMany({
    where: { promptId, benchmarkId: { not: null } },
    orderBy: [{ benchmarkId: "asc" }, { startedAt: "desc" }, { runId: "asc" }],
    distinct: ["benchmarkId"],
    take: most,
  });
  return rows.map(toRun);
}

function olderThan(startedAt: Date, runId: string) {
  return { OR: [{ startedAt: { lt: startedAt } }, { startedAt, runId: { gt: runId } }] };
}

/** Only the members that are set: an exact-optional where clause refuses undefined ones. */
function defined(filter: Omit<RunFilter, "from" | "to">) {
  const { agentType, promptId, errorSignature, traceId } = filter;
  return {
    ...(agentType === undefined ? {} : { agentType }),
    ...(filter.outcome === undefined ? {} : { outcome: filter.outcome }),
    ...(promptId === undefined ? {} : { promptId }),
    ...(errorSignature === undefined ? {} : { errorSignature }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

type RunRow = Omit<JournalRun, "outcome" | "failure"> & { outcome: string; failure: unknown };

function toRun(row: RunRow): JournalRun {
  return {
    runId: row.runId,
    traceId: row.traceId,
    agentType: row.agentType,
    promptId: row.promptId,
    benchmarkId: row.benchmarkId,
    outcome: parseStored(outcome, row.outcome, "a run's outcome"),
    costUsd: row.costUsd,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    latencyMs: row.latencyMs,
    model: row.model,
    simulated: row.simulated,
    source: row.source,
    errorSignature: row.errorSignature,
    failure: parseStored(failure.nullable(), row.failure, "a run's failure"),
    startedAt: row.startedAt,
  };
}

interface StepRow {
  agentType: string;
  kind: string;
  text: string;
  toolName: string | null;
  data: unknown;
}

function toStep({ agentType, kind, text, toolName, data }: StepRow): TraceStep {
  const step = {
    agentType,
    kind,
    text,
    ...(toolName === null ? {} : { toolName }),
    ...(data === null ? {} : { data }),
  };
  return parseStored(traceStep, step, "a run's step");
}
