import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { prodTag, type TagMove } from "#lib/db/tags.ts";
import type { Estimate } from "#lib/domain/experiment.ts";
import { AppError } from "../errors.ts";
import { wilsonInterval } from "../stats/wilson.ts";

export const seriesBuckets = ["hour", "6h", "day"] as const;
export type SeriesBucket = (typeof seriesBuckets)[number];

const bucketMs: Readonly<Record<SeriesBucket, number>> = {
  hour: 3_600_000,
  "6h": 6 * 3_600_000,
  day: 86_400_000,
};

/** One point of the curve; buckets begin at multiples of their length in UTC. */
export interface SeriesPoint {
  at: Date;
  success: Estimate;
  meanCostUsd: number;
  meanLatencyMs: number;
  simulatedRuns: number;
}

export interface SuccessSeries {
  agentType: string;
  bucket: SeriesBucket;
  /** Buckets with runs only, oldest first: a gap is a gap, not a zero. */
  points: SeriesPoint[];
  /** Where prod moved within the range, oldest first. */
  prodMoves: TagMove[];
}

const pointsMax = 2_000;
const bucketRow = z.object({
  at: z.date(),
  runs: z.int(),
  successes: z.int(),
  cost_usd: z.number(),
  latency_ms: z.number(),
  simulated_runs: z.int(),
});

/**
 * Success over time from the hourly sums, with Wilson's 95 % band and the moves of prod. Throws AppError("invalid") for
 * an empty range or one of more than 2,000 buckets.
 */
export async function successSeries(
  db: Executor,
  agentType: string,
  range: { from: Date; to: Date; bucket: SeriesBucket; promptId?: string | undefined },
): Promise<SuccessSeries> {
  const { from, to, bucket } = range;
  const seconds = bucketMs[bucket] / 1_000;
  const buckets = (to.getTime() - from.getTime()) / bucketMs[bucket];
  if (!(buckets > 0 && buckets <= pointsMax)) {
    throw new AppError("invalid", `Ask for 1 to ${pointsMax} buckets, not ${Math.ceil(buckets)}.`);
  }
  const ofPrompt =
    range.promptId === undefined ? sql`` : sql`AND prompt_id = ${range.promptId}::uuid`;
  const [rows, moves] = await Promise.all([
    queryRows(
      db,
      bucketRow,
      sql`SELECT to_timestamp(floor(extract(epoch FROM hour) / ${seconds}::int) * ${seconds}::int) AS at,
            sum(runs)::int AS runs, sum(successes)::int AS successes, sum(cost_usd) AS cost_usd,
            sum(latency_ms) AS latency_ms, sum(simulated_runs)::int AS simulated_runs
          FROM journal_hours
          WHERE agent_type = ${agentType} AND hour >= date_trunc('hour', ${from}::timestamptz)
            AND hour < ${to}::timestamptz ${ofPrompt}
          GROUP BY 1 ORDER BY 1`,
    ),
    db.tagMove.findMany({
      where: { agentType, tag: prodTag, at: { gte: from, lt: to } },
      orderBy: { id: "asc" },
    }),
  ]);
  return {
    agentType,
    bucket,
    points: rows.map(toPoint),
    prodMoves: moves.map(({ id: _, ...move }) => move),
  };
}

function toPoint(row: z.infer<typeof bucketRow>): SeriesPoint {
  const { runs, successes } = row;
  return {
    at: row.at,
    success: { value: successes / runs, ...wilsonInterval(successes, runs), n: runs },
    meanCostUsd: row.cost_usd / runs,
    meanLatencyMs: row.latency_ms / runs,
    simulatedRuns: row.simulated_runs,
  };
}
