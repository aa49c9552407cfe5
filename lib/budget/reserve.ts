import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { execute, queryRow, sql } from "#lib/db/query.ts";
import { AppError, invariant } from "../errors.ts";
import { toDecimalAtLeast } from "./amounts.ts";

export interface ReservationRequest {
  /** UTC day, `2026-11-23`. */
  day: string;
  optimizationId: string | null;
  /** The evaluation or call key it pays for; the same work is reserved by one owner at a time. */
  workKey: string;
  role: string;
  /** The most that the work can cost. */
  amountUsd: number;
  /** False for models of this machine: repeating their call bills nobody, so a crash gives the amount back. */
  billable: boolean;
  /** How long the work may take before the reservation counts as abandoned. */
  leaseMs: number;
}

export type Reservation =
  | { ok: true; reservationId: string }
  | { ok: false; reason: "day-cap" | "run-cap"; remainingUsd: number };

const answer = z.object({
  /** Null when the day has no row yet. */
  day_room: z.number().nullable(),
  /** Null without an optimization, and for one that does not exist. */
  run_room: z.number().nullable(),
  reservation_id: z.uuid().nullable(),
});
type Answer = z.infer<typeof answer>;

/**
 * Sets money aside before it is spent, in one call of the database: the day's row and the run's row are locked in that
 * order, and either both are charged and the reservation written, or nothing is. reserved + spent never pass a cap
 * (CHECKs say the same). What was overshot earlier takes room too. Throws AppError("conflict") while the same work is
 * reserved, AppError("not-found") for an unknown optimization.
 */
export async function reserve(db: Executor, request: ReservationRequest): Promise<Reservation> {
  let found = await attempt(db, request);
  if (found.day_room === null) {
    await ensureDay(db, request.day);
    found = await attempt(db, request);
  }
  const { day_room: dayRoom, run_room: runRoom, reservation_id: reservationId } = found;
  if (reservationId !== null) return { ok: true, reservationId };
  if (dayRoom === null) throw new AppError("internal", `The budget of ${request.day} has no row.`);
  if (request.optimizationId !== null && runRoom === null)
    throw new AppError("not-found", `There is no optimization ${request.optimizationId}.`);
  return Number(toDecimalAtLeast(request.amountUsd)) > dayRoom
    ? { ok: false, reason: "day-cap", remainingUsd: Math.max(0, dayRoom) }
    : { ok: false, reason: "run-cap", remainingUsd: Math.max(0, runRoom ?? 0) };
}

/** The cap of a new day: the setting, or 50 USD. */
export async function ensureDay(db: Executor, day: string): Promise<void> {
  await execute(
    db,
    sql`INSERT INTO budget_days (day, cap_usd)
        VALUES (${day}::date, coalesce((SELECT (value #>> '{}')::numeric FROM settings WHERE key = 'dayCapUsd'), 50))
        ON CONFLICT (day) DO NOTHING`,
  );
}

/** genepool_reserve of the migrations decides and charges. */
async function attempt(db: Executor, request: ReservationRequest): Promise<Answer> {
  const { day, optimizationId, workKey, role, billable, leaseMs } = request;
  const amount = toDecimalAtLeast(request.amountUsd);
  const found = await queryRow(
    db,
    answer,
    sql`SELECT day_room::float8, run_room::float8, reservation_id
        FROM genepool_reserve(${randomUUID()}::uuid, ${day}::date, ${optimizationId}::uuid, ${workKey}::text,
          ${role}::text, ${amount}::numeric, ${billable}::boolean, ${leaseMs}::float8)`,
  );
  invariant(found !== null, "genepool_reserve answers with one row");
  return found;
}
