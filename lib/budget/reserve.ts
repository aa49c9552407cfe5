import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { execute, queryRow, sql } from "#lib/db/query.ts";
import { AppError } from "../errors.ts";
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
  day_room: z.number(),
  run_room: z.number().nullable(),
  day_fits: z.boolean(),
  run_fits: z.boolean().nullable(),
  reservation_id: z.uuid().nullable(),
});
type Answer = z.infer<typeof answer>;

/**
 * Sets money aside before it is spent, in one statement: the day's row and the run's row are locked in that order, and
 * either both are charged and the reservation written, or nothing is. reserved + spent never pass a cap (CHECKs say the
 * same). What was overshot earlier takes room too. Throws AppError("conflict") while the same work is reserved,
 * AppError("not-found") for an unknown optimization.
 */
export async function reserve(db: Executor, request: ReservationRequest): Promise<Reservation> {
  const found = (await attempt(db, request)) ?? (await openDay(db, request));
  if (found.reservation_id !== null) return { ok: true, reservationId: found.reservation_id };
  if (!found.day_fits)
    return { ok: false, reason: "day-cap", remainingUsd: Math.max(0, found.day_room) };
  if (found.run_room === null)
    throw new AppError("not-found", `There is no optimization ${request.optimizationId}.`);
  return { ok: false, reason: "run-cap", remainingUsd: Math.max(0, found.run_room) };
}

/** The day's first reservation writes its row with the cap of the settings. */
async function openDay(db: Executor, request: ReservationRequest): Promise<Answer> {
  await ensureDay(db, request.day);
  const found = await attempt(db, request);
  if (found === null) throw new AppError("internal", `The budget of ${request.day} has no row.`);
  return found;
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

/** Null when the day has no row yet. */
async function attempt(db: Executor, request: ReservationRequest): Promise<Answer | null> {
  const { day, optimizationId, workKey, role, billable, leaseMs } = request;
  const amount = toDecimalAtLeast(request.amountUsd);
  return queryRow(
    db,
    answer,
    sql`WITH day AS (
          SELECT cap_usd - reserved_usd - spent_usd - overshoot_usd AS room
          FROM budget_days WHERE day = ${day}::date FOR UPDATE
        ), run AS (
          SELECT cap_usd - reserved_usd - spent_usd - overshoot_usd AS room FROM optimizations
          WHERE id = ${optimizationId}::uuid AND (SELECT count(*) FROM day) = 1 FOR UPDATE
        ), room AS (
          SELECT day.room AS day_room, (SELECT room FROM run) AS run_room,
            ${amount}::numeric <= day.room AS day_fits,
            ${optimizationId}::uuid IS NULL OR ${amount}::numeric <= (SELECT room FROM run) AS run_fits
          FROM day
        ), taken_of_day AS (
          UPDATE budget_days SET reserved_usd = reserved_usd + ${amount}::numeric
          WHERE day = ${day}::date AND (SELECT day_fits AND run_fits FROM room)
        ), taken_of_run AS (
          UPDATE optimizations SET reserved_usd = reserved_usd + ${amount}::numeric
          WHERE id = ${optimizationId}::uuid AND (SELECT day_fits AND run_fits FROM room)
        ), reservation AS (
          INSERT INTO budget_reservations
            (id, day, optimization_id, work_key, open_work_key, role, amount_usd, state, billable, lease_until)
          SELECT ${randomUUID()}::uuid, ${day}::date, ${optimizationId}::uuid, ${workKey}, ${workKey}, ${role},
            ${amount}::numeric, 'reserved', ${billable}, now() + ${leaseMs}::float8 * interval '1 millisecond'
          FROM room WHERE day_fits AND run_fits
          RETURNING id
        )
        SELECT day_room::float8, run_room::float8, day_fits, run_fits,
          (SELECT id FROM reservation) AS reservation_id
        FROM room`,
  );
}
