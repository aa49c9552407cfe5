import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { prodTag } from "#lib/db/tags.ts";
import { AppError } from "../errors.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import type { SuccessSeries } from "./success-series.ts";

const spanMaxMs = 6 * 3_600_000;
const bucketRow = z.object({
  at: z.date(),
  runs: z.int(),
  successes: z.int(),
  cost_usd: z.number(),
  latency_ms: z.number(),
  simulated_runs: z.int(),
});

/**
 * The last hours in buckets finer than the hourly sums, read from the runs themselves: what an approval of minutes ago
 * did. Buckets begin at multiples of their length in UTC. Throws AppError("invalid") for more than six hours.
 */
export async function recentSeries(
  db: Executor,
  agentType: string,
  range: { from: Date; to: Date; bucketMs: number },
): Promise<Pick<SuccessSeries, "points" | "prodMoves">> {
  const { from, to, bucketMs } = range;
  if (to.getTime() - from.getTime() > spanMaxMs)
    throw new AppError("invalid", "Fine buckets are read for six hours at most.");
  const seconds = bucketMs / 1_000;
  const [rows, moves] = await Promise.all([
    queryRows(
      db,
      bucketRow,
      sql`SELECT to_timestamp(floor(extract(epoch FROM started_at) / ${seconds}::int) * ${seconds}::int) AS at,
            count(*)::int AS runs,
            (count(*) FILTER (WHERE outcome = 'success'))::int AS successes,
            sum(cost_usd) AS cost_usd, sum(latency_ms) AS latency_ms,
            (count(*) FILTER (WHERE simulated))::int AS simulated_runs
          FROM journal_runs
          WHERE agent_type = ${agentType} AND started_at >= ${from}::timestamptz
            AND started_at < ${to}::timestamptz
          GROUP BY 1 ORDER BY 1`,
    ),
    db.tagMove.findMany({
      where: { agentType, tag: prodTag, at: { gte: from, lt: to } },
      orderBy: { id: "asc" },
    }),
  ]);
  return {
    points: rows.map(({ at, runs, successes, cost_usd, latency_ms, simulated_runs }) => ({
      at,
      success: { value: successes / runs, ...wilsonInterval(successes, runs), n: runs },
      meanCostUsd: cost_usd / runs,
      meanLatencyMs: latency_ms / runs,
      simulatedRuns: simulated_runs,
    })),
    prodMoves: moves.map(({ id: _, ...move }) => move),
  };
}
