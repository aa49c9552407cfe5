import { dayOf } from "#lib/budget/amounts.ts";
import { release, settle } from "#lib/budget/close.ts";
import { reserve } from "#lib/budget/reserve.ts";
import type { Clock } from "#lib/clock.ts";
import type { Database } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { findTrials, insertTrial } from "#lib/db/trials.ts";
import type { TrialStore } from "./stored-evaluator.ts";

export interface TrialStoreOptions {
  optimizationId: string;
  agentType: string;
  runSeed: number;
  /** False for models of this machine: repeating their trial bills nobody. */
  billable: boolean;
  /** A reservation whose process died counts as spent (or is given back) after this long. */
  leaseMs: number;
  clock: Clock;
}

/** Trials and their money in Postgres. */
export function createPostgresTrialStore(db: Database, options: TrialStoreOptions): TrialStore {
  const { optimizationId, agentType, runSeed, billable, leaseMs, clock } = options;
  return {
    find: async (keys) => {
      const stored = await findTrials(db, keys);
      return new Map([...stored].map(([key, trial]) => [key, trial.result]));
    },
    reserve: async ({ key, amountUsd }) => {
      const day = dayOf(clock.now());
      const answer = await reserve(db, {
        day,
        optimizationId,
        workKey: key,
        role: "task",
        amountUsd,
        billable,
        leaseMs,
      });
      return answer.ok
        ? { ok: true, id: answer.reservationId }
        : { ok: false, reason: answer.reason };
    },
    store: (order, evaluationKey, result, reservationId) =>
      inTransaction(db, async (tx) => {
        const identity = {
          evaluationKey,
          experimentId: order.experimentId,
          optimizationId,
          agentType,
          promptId: order.prompt.id,
          benchmarkId: order.benchmark.id,
          arm: order.arm,
          runSeed,
          repeat: order.repeat,
        };
        await insertTrial(tx, identity, result);
        await settle(tx, { reservationId, actualUsd: result.costUsd });
      }),
    release: async (reservationId) => {
      await release(db, reservationId);
    },
  };
}
