import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { storable } from "#lib/db/json.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { inTransaction, retrySerializable } from "#lib/db/transaction.ts";
import type { TraceStep } from "#lib/domain/trial.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { parseInput } from "../parse-input.ts";
import {
  type JournalRunInput,
  journalBatch,
  type ParsedJournalRun,
  type RunSource,
  stepDataMaxCharacters,
} from "./run-input.ts";

export interface RecordedRuns {
  /** Runs written now. */
  recorded: number;
  /** Runs whose id was known already: left as they were. */
  known: number;
}

const inserted = z.object({ run_id: z.string() });

/**
 * Writes up to 500 runs with their steps and keeps the hourly sums, all in one statement: a run counts once, however
 * often and by however many callers it is sent. With `actor` the batch leaves an audit event. Throws AppError("invalid") for
 * a batch that does not parse.
 */
export async function recordRuns(
  db: Database,
  runs: readonly JournalRunInput[],
  { source, actor = null }: { source: RunSource; actor?: string | null },
): Promise<RecordedRuns> {
  const batch = parseInput(journalBatch, { runs }, "These runs are");
  const unique = [...new Map(batch.runs.toReversed().map((run) => [run.runId, run])).values()];
  const write = async (tx: Executor) => (await insertRuns(tx, unique, source)).length;
  const recorded =
    actor === null
      ? await retrySerializable(() => write(db))
      : await inTransaction(db, async (tx) => {
          const count = await write(tx);
          if (count > 0) await tellOf(tx, { actor, runs: unique, recorded: count });
          return count;
        });
  return { recorded, known: runs.length - recorded };
}

function tellOf(
  tx: Executor,
  { actor, runs, recorded }: { actor: string; runs: readonly ParsedJournalRun[]; recorded: number },
): Promise<void> {
  const agentTypes = [...new Set(runs.map(({ agentType }) => agentType))].sort();
  const after = { recorded, agentTypes };
  return appendAudit(tx, { actor, action: "runs.record", subject: "runs", after });
}

function insertRuns(
  db: Executor,
  runs: readonly ParsedJournalRun[],
  source: RunSource,
): Promise<{ run_id: string }[]> {
  const rows = JSON.stringify(storable(runs.map((run) => toRow(run, source))));
  const steps = JSON.stringify(storable(runs.flatMap(toStepRows)));
  // Rows go in by their keys' order, so that batches with the same keys wait for each other and never deadlock.
  return queryRows(
    db,
    inserted,
    sql`WITH given AS (
          SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS r (
            run_id text, trace_id text, agent_type text, prompt_id uuid, benchmark_id uuid, outcome text,
            cost_usd float8, input_tokens int, output_tokens int, latency_ms float8, model text,
            simulated boolean, source text, error_signature text, failure jsonb, started_at timestamptz)
        ), written AS (
          INSERT INTO journal_runs (run_id, trace_id, agent_type, prompt_id, benchmark_id, outcome, cost_usd,
            input_tokens, output_tokens, latency_ms, model, simulated, source, error_signature, failure, started_at)
          SELECT * FROM given ORDER BY run_id
          ON CONFLICT (run_id) DO NOTHING
          RETURNING *
        ), steps AS (
          INSERT INTO journal_steps (run_id, position, agent_type, kind, text, tool_name, data)
          SELECT s.* FROM jsonb_to_recordset(${steps}::jsonb) AS s (
            run_id text, position int, agent_type text, kind text, text text, tool_name text, data jsonb)
          WHERE s.run_id IN (SELECT run_id FROM written)
        ), hours AS (
          INSERT INTO journal_hours (agent_type, prompt_id, hour, runs, successes, cost_usd, latency_ms,
            input_tokens, output_tokens, simulated_runs)
          SELECT agent_type, coalesce(prompt_id, '00000000-0000-0000-0000-000000000000'),
            date_trunc('hour', started_at, 'UTC'), count(*), count(*) FILTER (WHERE outcome = 'success'),
            sum(cost_usd), sum(latency_ms), sum(input_tokens), sum(output_tokens),
            count(*) FILTER (WHERE simulated)
          FROM written GROUP BY 1, 2, 3 ORDER BY 1, 3, 2
          ON CONFLICT (agent_type, hour, prompt_id) DO UPDATE SET
            runs = journal_hours.runs + excluded.runs,
            successes = journal_hours.successes + excluded.successes,
            cost_usd = journal_hours.cost_usd + excluded.cost_usd,
            latency_ms = journal_hours.latency_ms + excluded.latency_ms,
            input_tokens = journal_hours.input_tokens + excluded.input_tokens,
            output_tokens = journal_hours.output_tokens + excluded.output_tokens,
            simulated_runs = journal_hours.simulated_runs + excluded.simulated_runs
        )
        SELECT run_id FROM written`,
  );
}

function toRow(run: ParsedJournalRun, source: RunSource): Record<string, unknown> {
  return {
    run_id: run.runId,
    trace_id: run.traceId,
    agent_type: run.agentType,
    prompt_id: run.promptId,
    benchmark_id: run.benchmarkId,
    outcome: run.outcome,
    cost_usd: run.costUsd,
    input_tokens: run.inputTokens,
    output_tokens: run.outputTokens,
    latency_ms: run.latencyMs,
    model: run.model,
    simulated: run.simulated,
    source,
    error_signature: run.errorSignature ?? run.failure?.signature,
    failure: run.failure,
    started_at: run.startedAt,
  };
}

function toStepRows(run: ParsedJournalRun): Record<string, unknown>[] {
  return run.steps.map((step: TraceStep, position) => ({
    run_id: run.runId,
    position,
    agent_type: step.agentType,
    kind: step.kind,
    text: step.text,
    tool_name: step.toolName,
    data: boundedData(step.data),
  }));
}

function boundedData(data: unknown): unknown {
  const characters = JSON.stringify(data)?.length ?? 0;
  return characters <= stepDataMaxCharacters ? data : { omitted: true, characters };
}
