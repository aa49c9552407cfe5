import { z } from "zod";
import { grade } from "#lib/domain/grader.ts";
import {
  type Arm,
  agentUsage,
  criticVerdict,
  failure,
  type Outcome,
  type TrialResult,
  traceStep,
} from "#lib/domain/trial.ts";
import type { Executor } from "./client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "./cursor.ts";
import type { Prisma } from "./generated/client.ts";
import { storable } from "./json.ts";
import { queryRows, sql } from "./query.ts";

export interface TrialIdentity {
  evaluationKey: string;
  experimentId: string | null;
  optimizationId: string | null;
  agentType: string;
  promptId: string;
  benchmarkId: string;
  arm: Arm;
  runSeed: number;
  repeat: number;
}

export interface StoredTrial extends TrialIdentity {
  result: TrialResult;
}

const trace = z.object({
  agents: z.array(agentUsage),
  steps: z.array(traceStep),
  criticVerdict: criticVerdict.nullable(),
  grades: z.array(grade).default([]),
});

const trialRow = z.object({
  evaluationKey: z.string(),
  experimentId: z.string().nullable(),
  optimizationId: z.string().nullable(),
  agentType: z.string(),
  promptId: z.string(),
  benchmarkId: z.string(),
  arm: z.string(),
  runSeed: z.bigint(),
  repeat: z.int(),
  outcome: z.string(),
  score: z.number(),
  costUsd: z.number(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  latencyMs: z.number(),
  failure: z.unknown(),
  trace: z.unknown(),
  simulated: z.boolean(),
});

/** The stored trials of these evaluation keys; a key without a trial is absent. */
export async function findTrials(
  db: Executor,
  evaluationKeys: readonly string[],
): Promise<Map<string, StoredTrial>> {
  const found = new Map<string, StoredTrial>();
  for (let from = 0; from < evaluationKeys.length; from += 2_000) {
    // Not findMany: Prisma takes longer over thousands of parameters than the database over the rows.
    const rows = await queryRows(
      db,
      trialRow,
      sql`SELECT evaluation_key AS "evaluationKey", experiment_id AS "experimentId",
            optimization_id AS "optimizationId", agent_type AS "agentType", prompt_id AS "promptId",
            benchmark_id AS "benchmarkId", arm, run_seed AS "runSeed", repeat, outcome, score, cost_usd AS "costUsd",
            input_tokens AS "inputTokens", output_tokens AS "outputTokens", latency_ms AS "latencyMs", failure, trace,
            simulated
          FROM trials WHERE evaluation_key = ANY(${evaluationKeys.slice(from, from + 2_000)}::text[])`,
    );
    for (const row of rows) found.set(row.evaluationKey, fromRow(row));
  }
  return found;
}

export interface TrialFilter {
  arm?: Arm | undefined;
  outcome?: Outcome | undefined;
  benchmarkId?: string | undefined;
}

const trialKey = z.strictObject({ key: z.string() });

/** The trials that an experiment paid for, by their evaluation key. */
export async function listTrials(
  db: Executor,
  query: { experimentId: string } & TrialFilter & PageRequest,
): Promise<Page<StoredTrial>> {
  const { experimentId, arm, outcome, benchmarkId } = query;
  const limit = pageLimit(query);
  const after = decodeCursor(trialKey, query.cursor);
  const rows = await db.trial.findMany({
    where: {
      experimentId,
      ...(arm === undefined ? {} : { arm }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(benchmarkId === undefined ? {} : { benchmarkId }),
      ...(after === null ? {} : { evaluationKey: { gt: after.key } }),
    },
    orderBy: { evaluationKey: "asc" },
    take: limit + 1,
  });
  return pageOf(rows, limit, { item: fromRow, key: ({ evaluationKey: key }) => ({ key }) });
}

/** Stores a trial once; the answer says whether this call wrote it. */
export async function insertTrial(
  db: Executor,
  identity: TrialIdentity,
  result: TrialResult,
): Promise<boolean> {
  return (await insertTrials(db, [{ identity, result }])).size === 1;
}

/** Stores each trial once; answers the keys of those that this call wrote. */
export async function insertTrials(
  db: Executor,
  trials: readonly { identity: TrialIdentity; result: TrialResult }[],
): Promise<Set<string>> {
  const rows = trials.map(({ identity, result }) => {
    const { agents, steps, criticVerdict: verdict, grades = [], failure: why, ...figures } = result;
    return {
      ...identity,
      ...figures,
      failure: why,
      trace: { agents, steps, criticVerdict: verdict, grades },
    };
  });
  // One JSON document: a createMany of this many values takes Prisma longer to plan than the database to carry out.
  const written = await queryRows(
    db,
    z.object({ evaluation_key: z.string() }),
    sql`INSERT INTO trials (evaluation_key, experiment_id, optimization_id, agent_type, prompt_id, benchmark_id, arm,
          run_seed, repeat, outcome, score, cost_usd, input_tokens, output_tokens, latency_ms, failure, trace, simulated)
        SELECT "evaluationKey", "experimentId", "optimizationId", "agentType", "promptId", "benchmarkId", arm,
          "runSeed", repeat, outcome, score, "costUsd", "inputTokens", "outputTokens", "latencyMs", failure, trace, simulated
        FROM jsonb_to_recordset(${JSON.stringify(storable(rows))}::jsonb) AS t (
          "evaluationKey" text, "experimentId" uuid, "optimizationId" uuid, "agentType" text, "promptId" uuid,
          "benchmarkId" uuid, arm text, "runSeed" bigint, repeat int, outcome text, score float8, "costUsd" float8,
          "inputTokens" int, "outputTokens" int, "latencyMs" float8, failure jsonb, trace jsonb, simulated boolean)
        ON CONFLICT (evaluation_key) DO NOTHING
        RETURNING evaluation_key`,
  );
  return new Set(written.map(({ evaluation_key: key }) => key));
}

/** Figures of trials without their traces, for tables and matrices. */
export interface TrialFigures {
  evaluationKey: string;
  promptId: string;
  benchmarkId: string;
  arm: string;
  repeat: number;
  outcome: string;
  score: number;
  costUsd: number;
  latencyMs: number;
}

export async function listTrialFigures(
  db: Executor,
  query: {
    promptIds: readonly string[];
    benchmarkIds: readonly string[];
    repeatFrom: number;
    repeatTo: number;
    runSeed: number;
  },
): Promise<TrialFigures[]> {
  return db.trial.findMany({
    where: {
      promptId: { in: [...query.promptIds] },
      benchmarkId: { in: [...query.benchmarkIds] },
      repeat: { gte: query.repeatFrom, lt: query.repeatTo },
      runSeed: BigInt(query.runSeed),
    },
    select: {
      evaluationKey: true,
      promptId: true,
      benchmarkId: true,
      arm: true,
      repeat: true,
      outcome: true,
      score: true,
      costUsd: true,
      latencyMs: true,
    },
    orderBy: [{ benchmarkId: "asc" }, { repeat: "asc" }, { promptId: "asc" }],
  });
}

function fromRow(row: z.infer<typeof trialRow> | Prisma.TrialModel): StoredTrial {
  const { agents, steps, criticVerdict: verdict, grades } = trace.parse(row.trace);
  return {
    evaluationKey: row.evaluationKey,
    experimentId: row.experimentId,
    optimizationId: row.optimizationId,
    agentType: row.agentType,
    promptId: row.promptId,
    benchmarkId: row.benchmarkId,
    arm: row.arm === "baseline" ? "baseline" : "candidate",
    runSeed: Number(row.runSeed),
    repeat: row.repeat,
    result: {
      outcome: row.outcome === "success" ? "success" : "failure",
      score: row.score,
      costUsd: row.costUsd,
      inputTokens: row.inputTokens,
      outputTokens: row.outputTokens,
      latencyMs: row.latencyMs,
      failure: row.failure === null ? null : failure.parse(row.failure),
      agents,
      steps,
      criticVerdict: verdict,
      grades,
      simulated: row.simulated,
    },
  };
}
