/** What trials and proposals of an agent cost so far: the ground that a preview stands on. */
import { z } from "zod";
import type { Executor } from "../db/client.ts";
import { queryRow, queryRows, sql } from "../db/query.ts";
import { isSimulatedModel } from "../llm/models.ts";

export interface Range {
  low: number;
  high: number;
}

/** Means with their 95 % intervals over the newest n. */
export interface MeasuredCosts {
  n: number;
  costUsd: Range;
  latencyMs: Range;
  /** Model calls of one trial. */
  modelCalls: Range;
}

const newestMost = 500;
/** Fewer say too little of what the next ones cost. */
const trialsLeast = 10;
const runsLeast = 30;
const runsForPace = 5;

const meansRow = z.object({
  n: z.int(),
  cost: z.number().nullable(),
  cost_sd: z.number().nullable(),
  latency: z.number().nullable(),
  latency_sd: z.number().nullable(),
  calls: z.number().nullable(),
  calls_sd: z.number().nullable(),
});

const means = sql`count(*)::int AS n, avg(cost)::float8 AS cost, stddev_samp(cost)::float8 AS cost_sd,
  avg(latency)::float8 AS latency, stddev_samp(latency)::float8 AS latency_sd,
  avg(calls)::float8 AS calls, stddev_samp(calls)::float8 AS calls_sd`;

/** Trials of this agent type in earlier optimizations with the same model setting; null when there are too few. */
export async function measuredTrials(
  db: Executor,
  query: { agentType: string; model: string | null },
): Promise<MeasuredCosts | null> {
  const row = await queryRow(
    db,
    meansRow,
    sql`SELECT ${means} FROM (
          SELECT t.cost_usd AS cost, t.latency_ms AS latency,
            (SELECT sum((agent ->> 'modelCalls')::int) FROM jsonb_array_elements(t.trace -> 'agents') agent) AS calls
          FROM trials t JOIN optimizations o ON o.id = t.optimization_id
          WHERE o.agent_type = ${query.agentType} AND o.config ->> 'model' IS NOT DISTINCT FROM ${query.model}::text
          ORDER BY t.created_at DESC LIMIT ${newestMost}) newest`,
  );
  return row === null ? null : costsOf(row, trialsLeast);
}

/** The journal's newest runs of this agent type with this model; a run is one agent's part of the work. */
export async function measuredRuns(
  db: Executor,
  query: { agentType: string; model: string },
): Promise<MeasuredCosts | null> {
  const { agentType, model } = query;
  const row = await queryRow(
    db,
    meansRow,
    sql`SELECT ${means} FROM (
          SELECT r.cost_usd AS cost, r.latency_ms AS latency,
            (SELECT nullif(count(*), 0) FROM journal_steps s
             WHERE s.run_id = r.run_id AND s.kind IN ('message', 'tool-call')) AS calls
          FROM journal_runs r
          WHERE r.agent_type = ${agentType} AND r.simulated = ${isSimulatedModel(model)}
            AND (r.model IS NULL OR r.model = ${model})
          ORDER BY r.started_at DESC LIMIT ${newestMost}) newest`,
  );
  return row === null ? null : costsOf(row, runsLeast);
}

function costsOf(row: z.infer<typeof meansRow>, least: number): MeasuredCosts | null {
  const { n, cost, latency, calls } = row;
  if (n < least || cost === null || latency === null) return null;
  return {
    n,
    costUsd: around(cost, row.cost_sd, n),
    latencyMs: around(latency, row.latency_sd, n),
    modelCalls: around(calls ?? 1, row.calls_sd, n),
  };
}

function around(mean: number, deviation: number | null, n: number): Range {
  const half = (1.96 * (deviation ?? 0)) / Math.sqrt(n);
  return { low: Math.max(0, mean - half), high: mean + half };
}

/** Calls of the proposer and of the check beside it for each child made, over earlier runs, and what one call cost. */
export interface MeasuredProposals {
  /** Optimizations behind the figures. */
  n: number;
  callsPerChild: Range;
  costUsd: Range;
}

const proposalsRow = z.object({
  calls: z.int(),
  children: z.int(),
  cost: z.number(),
});

/** Null when no earlier run of the agent type with the same proposer asked its model. */
export async function measuredProposals(
  db: Executor,
  query: { agentType: string; model: string | null; proposerModel: string | null },
): Promise<MeasuredProposals | null> {
  const runs = await queryRows(
    db,
    proposalsRow,
    sql`SELECT c.calls, m.children, c.cost
        FROM optimizations o,
          LATERAL (SELECT count(*)::int AS calls, avg(cost_usd)::float8 AS cost FROM llm_calls
                   WHERE optimization_id = o.id) c,
          LATERAL (SELECT count(DISTINCT child_id)::int AS children FROM prompt_parents
                   WHERE optimization_id = o.id) m
        WHERE o.agent_type = ${query.agentType} AND c.calls > 0 AND m.children > 0
          AND o.config ->> 'model' IS NOT DISTINCT FROM ${query.model}::text
          AND o.config ->> 'proposerModel' IS NOT DISTINCT FROM ${query.proposerModel}::text
        ORDER BY o.created_at DESC LIMIT 20`,
  );
  if (runs.length === 0) return null;
  const perChild = runs.map(({ calls, children }) => calls / children);
  return {
    n: runs.length,
    callsPerChild: span(perChild),
    costUsd: span(runs.map(({ cost }) => cost)),
  };
}

const paceRow = z.object({ ms: z.number() });

/** Wall-clock time of one trial on one of the run's places, in ms, over the last finished runs; null without any. */
export async function measuredPace(
  db: Executor,
  query: { agentType: string; model: string | null },
): Promise<(Range & { n: number }) | null> {
  const runs = await queryRows(
    db,
    paceRow,
    sql`SELECT (extract(epoch FROM finished_at - started_at) * 1000 / trials_done
            * (config ->> 'concurrency')::float8)::float8 AS ms
        FROM optimizations
        WHERE agent_type = ${query.agentType} AND state = 'finished' AND trials_done >= 20
          AND resumed_at IS NULL AND started_at IS NOT NULL AND finished_at > started_at
          AND config ->> 'model' IS NOT DISTINCT FROM ${query.model}::text
        ORDER BY finished_at DESC LIMIT ${runsForPace}`,
  );
  return runs.length === 0 ? null : { ...span(runs.map(({ ms }) => ms)), n: runs.length };
}

function span(values: readonly number[]): Range {
  return { low: Math.min(...values), high: Math.max(...values) };
}
