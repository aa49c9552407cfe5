import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { queryRow, sql } from "#lib/db/query.ts";
import { AppError } from "../errors.ts";
import { toDecimal } from "./amounts.ts";
import { ensureDay } from "./reserve.ts";

/** The money of one UTC day in USD. */
export interface BudgetStatus {
  day: string;
  capUsd: number;
  reservedUsd: number;
  /** All that was billed, overshoot included. */
  spentUsd: number;
  /** The part of spentUsd that went beyond its reservation and the cap. */
  overshootUsd: number;
  /** What can still be reserved. */
  remainingUsd: number;
}

const statusRow = z.object({
  day: z.string(),
  cap: z.number(),
  reserved: z.number(),
  spent: z.number(),
  overshoot: z.number(),
  room: z.number(),
});

const columns = sql`day::text, cap_usd::float8 AS cap, reserved_usd::float8 AS reserved,
  (spent_usd + overshoot_usd)::float8 AS spent, overshoot_usd::float8 AS overshoot,
  greatest(0, cap_usd - reserved_usd - spent_usd - overshoot_usd)::float8 AS room`;

/** The state of a UTC day (`2026-11-23`); a day that nothing was reserved on shows the cap that it would get. */
export async function budgetStatus(db: Executor, day: string): Promise<BudgetStatus> {
  const found = await queryRow(
    db,
    statusRow,
    sql`SELECT ${columns} FROM budget_days WHERE day = ${day}::date`,
  );
  if (found !== null) return toStatus(found);
  await ensureDay(db, day);
  return budgetStatus(db, day);
}

/**
 * Changes the cap of one day. A cap below what is reserved and spent already takes effect as the least that holds it:
 * then nothing more is reserved.
 */
export async function setDayCap(
  db: Executor,
  { day, capUsd }: { day: string; capUsd: number },
): Promise<BudgetStatus> {
  await ensureDay(db, day);
  const row = await queryRow(
    db,
    statusRow,
    sql`UPDATE budget_days SET cap_usd = greatest(${toDecimal(capUsd)}::numeric, reserved_usd + spent_usd)
        WHERE day = ${day}::date RETURNING ${columns}`,
  );
  if (row === null) throw new AppError("internal", `The budget of ${day} has no row.`);
  return toStatus(row);
}

function toStatus(row: z.infer<typeof statusRow>): BudgetStatus {
  return {
    day: row.day,
    capUsd: row.cap,
    reservedUsd: row.reserved,
    spentUsd: row.spent,
    overshootUsd: row.overshoot,
    remainingUsd: row.room,
  };
}
