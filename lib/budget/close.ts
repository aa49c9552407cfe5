import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRows, type Sql, sql } from "#lib/db/query.ts";
import { toDecimal } from "./amounts.ts";

export interface Settlement {
  /** False when the reservation was closed before: nothing changed. */
  settled: boolean;
  /** How much more was billed than had been reserved. */
  overshootUsd: number;
}

const closedRow = z.object({ amount_usd: z.number(), settled_usd: z.number() });

/**
 * Books what the work really cost and gives the rest back, in one statement; also for work that failed. A cost above the
 * reservation is booked in full all the same: what the cap has no room for stands in overshoot_usd beside spent_usd,
 * counts as spent everywhere, and nothing more is reserved until it is covered.
 */
export async function settle(
  db: Executor,
  { reservationId, actualUsd }: { reservationId: string; actualUsd: number },
): Promise<Settlement> {
  const [row] = await close(db, {
    which: sql`id = ${reservationId}::uuid`,
    state: sql`'settled'`,
    cost: sql`${toDecimal(actualUsd)}::numeric`,
  });
  if (row === undefined) return { settled: false, overshootUsd: 0 };
  return { settled: true, overshootUsd: Math.max(0, row.settled_usd - row.amount_usd) };
}

/** As `settle`, for many at once; what was closed before stays as it is. Answers how many were settled. */
export async function settleMany(
  db: Executor,
  settlements: readonly { reservationId: string; actualUsd: number }[],
): Promise<number> {
  const ids = settlements.map(({ reservationId }) => reservationId);
  const costs = settlements.map(({ actualUsd }) => toDecimal(actualUsd));
  const rows = await close(db, {
    which: sql`id = ANY(${ids}::uuid[])`,
    state: sql`'settled'`,
    cost: sql`(SELECT c.cost FROM unnest(${ids}::uuid[], ${costs}::numeric[]) AS c (id, cost)
               WHERE c.id = budget_reservations.id)`,
  });
  return rows.length;
}

/**
 * Books work whose reservation was given back before it ended, because its process was taken for dead. What counts as
 * spent already stays as it is. Answers how many were booked.
 */
export async function settleReleased(
  db: Executor,
  settlements: readonly { reservationId: string; actualUsd: number }[],
): Promise<number> {
  const ids = settlements.map(({ reservationId }) => reservationId);
  const costs = settlements.map(({ actualUsd }) => toDecimal(actualUsd));
  const rows = await queryRows(
    db,
    z.object({ id: z.string() }),
    sql`WITH late AS (
          UPDATE budget_reservations b SET state = 'settled', settled_usd = c.cost, settled_at = now()
          FROM unnest(${ids}::uuid[], ${costs}::numeric[]) AS c (id, cost)
          WHERE b.id = c.id AND b.state = 'released'
          RETURNING b.id, b.day, b.optimization_id, b.settled_usd
        ), by_day AS (
          SELECT day, sum(settled_usd) AS cost FROM late GROUP BY day
        ), days AS (
          UPDATE budget_days d SET
            spent_usd = d.spent_usd + least(c.cost, greatest(0, d.cap_usd - d.spent_usd - d.reserved_usd)),
            overshoot_usd = d.overshoot_usd
              + greatest(0, c.cost - greatest(0, d.cap_usd - d.spent_usd - d.reserved_usd))
          FROM by_day c WHERE d.day = c.day
          RETURNING d.day
        ), by_run AS (
          SELECT optimization_id, sum(settled_usd) AS cost FROM late
          WHERE (SELECT count(*) FROM days) > 0 GROUP BY optimization_id
        ), runs AS (
          UPDATE optimizations o SET
            spent_usd = o.spent_usd + least(c.cost, greatest(0, o.cap_usd - o.spent_usd - o.reserved_usd)),
            overshoot_usd = o.overshoot_usd
              + greatest(0, c.cost - greatest(0, o.cap_usd - o.spent_usd - o.reserved_usd))
          FROM by_run c WHERE o.id = c.optimization_id
        )
        SELECT id FROM late`,
  );
  return rows.length;
}

/** Gives reservations back when nothing was run; answers how many were open. */
export async function releaseMany(db: Executor, ids: readonly string[]): Promise<number> {
  const rows = await close(db, {
    which: sql`id = ANY(${[...ids]}::uuid[])`,
    state: sql`'released'`,
    cost: sql`0`,
  });
  return rows.length;
}

/** As expireLapsed, at once, for those of these that are open: their process is gone and its work begins again. */
export async function abandonMany(db: Executor, ids: readonly string[]): Promise<number> {
  return abandon(db, sql`id = ANY(${[...ids]}::uuid[])`);
}

/** Gives a reservation back when nothing was run; false when it was closed before. */
export async function release(db: Executor, reservationId: string): Promise<boolean> {
  const rows = await close(db, {
    which: sql`id = ${reservationId}::uuid`,
    state: sql`'released'`,
    cost: sql`0`,
  });
  return rows.length === 1;
}

/**
 * Closes reservations whose lease is over: the process that held them is gone. What may have been billed counts as spent
 * in full, so a crash never under-counts; work of this machine's own models is given back. Answers how many.
 */
export async function expireLapsed(db: Executor, now: Date): Promise<number> {
  return abandon(db, sql`lease_until < ${now}::timestamptz`);
}

/** As expireLapsed, at once, for the open reservations of a run that is taken up again. */
export async function releaseOrphans(
  db: Executor,
  optimizationId: string,
  options: { exceptRole?: string } = {},
): Promise<number> {
  const others =
    options.exceptRole === undefined ? sql`true` : sql`role <> ${options.exceptRole}::text`;
  return abandon(db, sql`optimization_id = ${optimizationId}::uuid AND ${others}`);
}

async function abandon(db: Executor, which: Sql): Promise<number> {
  const rows = await close(db, {
    // What another process is closing at this moment is its business, and waiting for it could deadlock.
    which: sql`id IN (SELECT id FROM budget_reservations WHERE state = 'reserved' AND ${which}
                      ORDER BY id FOR UPDATE SKIP LOCKED)`,
    state: sql`CASE WHEN billable THEN 'expired' ELSE 'released' END`,
    cost: sql`CASE WHEN billable THEN amount_usd ELSE 0 END`,
  });
  return rows.length;
}

/** Rows are locked in the order reservation, day, run. */
async function close(
  db: Executor,
  { which, state, cost }: { which: Sql; state: Sql; cost: Sql },
): Promise<z.infer<typeof closedRow>[]> {
  return queryRows(
    db,
    closedRow,
    sql`WITH closed AS (
          UPDATE budget_reservations
          SET state = ${state}, settled_usd = ${cost}, open_work_key = NULL, settled_at = now()
          WHERE state = 'reserved' AND ${which}
          RETURNING day, optimization_id, amount_usd, settled_usd
        ), by_day AS (
          SELECT day, sum(amount_usd) AS amount, sum(settled_usd) AS cost FROM closed GROUP BY day
        ), days AS (
          UPDATE budget_days d SET
            reserved_usd = d.reserved_usd - c.amount,
            spent_usd = d.spent_usd + least(c.cost, d.cap_usd - d.spent_usd - d.reserved_usd + c.amount),
            overshoot_usd = d.overshoot_usd
              + greatest(0, c.cost - (d.cap_usd - d.spent_usd - d.reserved_usd + c.amount))
          FROM by_day c WHERE d.day = c.day
          RETURNING d.day
        ), by_run AS (
          SELECT optimization_id, sum(amount_usd) AS amount, sum(settled_usd) AS cost FROM closed
          WHERE (SELECT count(*) FROM days) > 0 GROUP BY optimization_id
        ), runs AS (
          UPDATE optimizations o SET
            reserved_usd = o.reserved_usd - c.amount,
            spent_usd = o.spent_usd + least(c.cost, o.cap_usd - o.spent_usd - o.reserved_usd + c.amount),
            overshoot_usd = o.overshoot_usd
              + greatest(0, c.cost - (o.cap_usd - o.spent_usd - o.reserved_usd + c.amount))
          FROM by_run c WHERE o.id = c.optimization_id
        )
        SELECT amount_usd::float8, settled_usd::float8 FROM closed`,
  );
}
