import { z } from "zod";
import type { Executor } from "../db/client.ts";
import type { Optimization } from "../db/optimizations.ts";
import { queryRow, queryRows, sql } from "../db/query.ts";
import { costMargin } from "./cost-margin.ts";
import { proofTrialsMost } from "./stage-plan.ts";

/** What one role of a run was billed, in USD, and what is set aside for its calls under way. */
export interface RoleSpending {
  role: string;
  /** Trials for the role `task`, model calls for the others. */
  calls: number;
  spentUsd: number;
  reservedUsd: number;
}

export interface Spending {
  roles: RoleSpending[];
  /** Sum over the roles: exactly what the ledger booked. */
  totalUsd: number;
  /** The part of `task` that went into the proof of the finalists. */
  confirmationUsd: number;
  /** What the search leaves for that proof, at the mean cost of a trial so far; null before a trial and after the end. */
  keptForConfirmationUsd: number | null;
  /** What the run found stored and did not pay again. */
  foundTrials: number;
}

const ended = z.looseObject({ trials: z.int() });

/** Trials that count for a run: exact once it has ended, before that as its progress was last written. */
export function trialsOf({ result, trialsDone }: Optimization): number {
  return ended.safeParse(result).data?.trials ?? trialsDone;
}

/** The roles of the ledger in the order in which people read them; a run that never paid one shows a zero. */
const roleOrder = ["task", "proposer", "sanity", "judge"];

const roleRow = z.object({
  role: z.string(),
  calls: z.int(),
  spent: z.number(),
  reserved: z.number(),
});
const taskRow = z.object({ confirmation: z.number(), mean: z.number().nullable(), paid: z.int() });

/** Where the money of a run went: the ledger's settled calls by role, and its trials by what they were for. */
export async function spendingOf(db: Executor, run: Optimization): Promise<Spending> {
  const booked = await queryRows(
    db,
    roleRow,
    sql`SELECT role, count(*) FILTER (WHERE state IN ('settled', 'expired'))::int AS calls,
          coalesce(sum(settled_usd), 0)::float8 AS spent,
          coalesce(sum(amount_usd) FILTER (WHERE state = 'reserved'), 0)::float8 AS reserved
        FROM budget_reservations WHERE optimization_id = ${run.id}::uuid GROUP BY role`,
  );
  const tasks = await queryRow(
    db,
    taskRow,
    sql`SELECT coalesce(sum(t.cost_usd) FILTER (WHERE e.kind = 'confirm'), 0)::float8 AS confirmation,
          avg(t.cost_usd)::float8 AS mean, count(*)::int AS paid
        FROM trials t LEFT JOIN experiments e ON e.id = t.experiment_id
        WHERE t.optimization_id = ${run.id}::uuid`,
  );
  const roles = inOrder(booked);
  const mean = tasks?.mean ?? null;
  return {
    roles,
    totalUsd: roles.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
    confirmationUsd: tasks?.confirmation ?? 0,
    keptForConfirmationUsd:
      run.finishedAt !== null || mean === null
        ? null
        : costMargin * proofTrialsMost(run.config) * mean,
    foundTrials: Math.max(0, trialsOf(run) - (tasks?.paid ?? 0)),
  };
}

function inOrder(booked: readonly z.infer<typeof roleRow>[]): RoleSpending[] {
  const byRole = new Map(booked.map((row) => [row.role, row]));
  const others = booked.map(({ role }) => role).filter((role) => !roleOrder.includes(role));
  return [...roleOrder, ...others.sort()].map((role) => {
    const row = byRole.get(role);
    return {
      role,
      calls: row?.calls ?? 0,
      spentUsd: row?.spent ?? 0,
      reservedUsd: row?.reserved ?? 0,
    };
  });
}
