import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRow, sql } from "#lib/db/query.ts";
import type { Estimate } from "#lib/domain/experiment.ts";
import { meanInterval } from "../stats/mean-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";

/** The last runs of one agent type in figures; rates in 0..1, money in USD, latency in ms. */
export interface AgentWindow {
  agentType: string;
  runs: number;
  successes: number;
  /** With Wilson's 95 % interval. */
  success: Estimate;
  /** Mean of one run, with its 95 % interval. */
  costUsd: Estimate;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  meanTokens: number;
  simulatedRuns: number;
  oldestAt: Date | null;
  newestAt: Date | null;
}

const windowRow = z.object({
  runs: z.int(),
  successes: z.int(),
  cost_sum: z.number(),
  cost_squares: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  mean_tokens: z.number(),
  simulated_runs: z.int(),
  oldest: z.date().nullable(),
  newest: z.date().nullable(),
});

/** Looks at the last `lastN` runs of an agent type, or of one prompt of it. */
export async function agentWindow(
  db: Executor,
  agentType: string,
  lastN: number,
  promptId: string | null = null,
): Promise<AgentWindow> {
  const ofPrompt = promptId === null ? sql`` : sql`AND prompt_id = ${promptId}::uuid`;
  const row = await queryRow(
    db,
    windowRow,
    sql`SELECT count(*)::int AS runs,
          (count(*) FILTER (WHERE outcome = 'success'))::int AS successes,
          coalesce(sum(cost_usd), 0) AS cost_sum,
          coalesce(sum(cost_usd * cost_usd), 0) AS cost_squares,
          percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) AS p50,
          percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) AS p95,
          coalesce(avg(input_tokens + output_tokens), 0)::float8 AS mean_tokens,
          (count(*) FILTER (WHERE simulated))::int AS simulated_runs,
          min(started_at) AS oldest, max(started_at) AS newest
        FROM (
          SELECT * FROM journal_runs WHERE agent_type = ${agentType} ${ofPrompt}
          ORDER BY started_at DESC, run_id LIMIT ${lastN}) AS last_runs`,
  );
  const { runs, successes } = row ?? { runs: 0, successes: 0 };
  const value = runs === 0 ? 0 : successes / runs;
  return {
    agentType,
    runs,
    successes,
    success: { value, ...wilsonInterval(successes, runs), n: runs },
    costUsd: meanInterval(
      { n: runs, sum: row?.cost_sum ?? 0, sumOfSquares: row?.cost_squares ?? 0 },
      0,
    ),
    latencyP50Ms: row?.p50 ?? null,
    latencyP95Ms: row?.p95 ?? null,
    meanTokens: row?.mean_tokens ?? 0,
    simulatedRuns: row?.simulated_runs ?? 0,
    oldestAt: row?.oldest ?? null,
    newestAt: row?.newest ?? null,
  };
}
