import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { AppError, invariant } from "../errors.ts";
import { toDecimalAtLeast } from "./amounts.ts";
import { ensureDay } from "./reserve.ts";

export interface ReserveManyRequest {
  /** UTC day, `2026-11-23`. */
  day: string;
  optimizationId: string;
  role: string;
  billable: boolean;
  leaseMs: number;
  /** The most in USD that the run may have spent and set aside afterwards; null for its cap alone. */
  runLimitUsd: number | null;
  /** Judged in this order; the ids become those of the reservations. */
  works: readonly { id: string; key: string; amountUsd: number }[];
}

const verdicts = ["reserved", "stored", "conflict", "day-cap", "run-cap", "money-kept"] as const;
export type ReserveVerdict = (typeof verdicts)[number];

const row = z.object({
  verdict: z.enum([...verdicts, "no-day", "no-run"]),
});

/**
 * As `reserve`, for many pieces of work of one run in one call of the database. One that does not fit does not hold back
 * a smaller one behind it. "conflict" is work that is reserved already, "stored" a trial
 * that is there already. Throws AppError("not-found") for an unknown run.
 */
export async function reserveMany(
  db: Executor,
  request: ReserveManyRequest,
): Promise<ReserveVerdict[]> {
  if (request.works.length === 0) return [];
  let found = await attempt(db, request);
  if (found[0]?.verdict === "no-day") {
    await ensureDay(db, request.day);
    found = await attempt(db, request);
  }
  return request.works.map((_, index) => {
    const verdict = found[index]?.verdict;
    invariant(verdict !== undefined, "genepool_reserve_many answers for each piece of work");
    if (verdict === "no-run")
      throw new AppError("not-found", `There is no optimization ${request.optimizationId}.`);
    if (verdict === "no-day")
      throw new AppError("internal", `The budget of ${request.day} has no row.`);
    return verdict;
  });
}

async function attempt(db: Executor, request: ReserveManyRequest): Promise<z.infer<typeof row>[]> {
  const { day, optimizationId, role, billable, leaseMs, runLimitUsd, works } = request;
  const ids = works.map(({ id }) => id);
  const keys = works.map(({ key }) => key);
  const amounts = works.map(({ amountUsd }) => toDecimalAtLeast(amountUsd));
  const limit = runLimitUsd === null ? null : toDecimalAtLeast(Math.max(0, runLimitUsd));
  return queryRows(
    db,
    row,
    sql`SELECT verdict
        FROM genepool_reserve_many(${ids}::uuid[], ${day}::date, ${optimizationId}::uuid, ${keys}::text[],
          ${role}::text, ${amounts}::numeric[], ${billable}::boolean, ${leaseMs}::float8, ${limit}::numeric)
          WITH ORDINALITY AS judged (work_key, verdict, place) ORDER BY place`,
  );
}
