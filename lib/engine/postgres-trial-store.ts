import { randomUUID } from "node:crypto";
import { dayOf } from "#lib/budget/amounts.ts";
import { releaseMany, settleMany, settleReleased } from "#lib/budget/close.ts";
import { reserveMany } from "#lib/budget/reserve-many.ts";
import type { Clock } from "#lib/clock.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { findTrials, insertTrials } from "#lib/db/trials.ts";
import { AppError } from "#lib/errors.ts";
import type { FinishedTrial, Reservation, TrialStore } from "./stored-evaluator.ts";

export interface TrialStoreOptions {
  optimizationId: string;
  agentType: string;
  runSeed: number;
  /** False for models of this machine: repeating their trial bills nobody. */
  billable: boolean;
  /** A reservation whose process died counts as spent (or is given back) after this long. */
  leaseMs: number;
  clock: Clock;
  /** The id under which a trial's money is set aside; a new one each time by default. */
  reservationId?: (key: string) => string;
  /** The most that the run may have spent and set aside, in USD; more is refused as "money-kept". */
  runLimitUsd?: number;
  othersHold?: () => Promise<boolean>;
}

/** The role under which trials set money aside. */
export const trialRole = "task";

/** Trials and their money in Postgres. */
export function createPostgresTrialStore(db: Database, options: TrialStoreOptions): TrialStore {
  const { optimizationId, agentType, runSeed, billable, leaseMs, clock, othersHold } = options;
  const newId = options.reservationId ?? (() => randomUUID());
  return {
    find: async (keys) => {
      const stored = await findTrials(db, keys);
      return new Map([...stored].map(([key, trial]) => [key, trial.result]));
    },
    reserve: async (wanted) => {
      const works = wanted.map(({ key, amountUsd }) => ({ id: newId(key), key, amountUsd }));
      const verdicts = await reserveMany(db, {
        day: dayOf(clock.now()),
        optimizationId,
        role: trialRole,
        billable,
        leaseMs,
        runLimitUsd: options.runLimitUsd ?? null,
        works,
      });
      const answers = works.map(({ id }, index): Reservation | "conflict" => {
        const verdict = verdicts[index] ?? "conflict";
        if (verdict === "conflict") return verdict;
        return verdict === "reserved" ? { ok: true, id } : { ok: false, reason: verdict };
      });
      const settled = answers.filter((answer) => answer !== "conflict");
      if (settled.length === answers.length) return settled;
      // Another process runs one of these: what this call took would be held for nobody.
      await releaseMany(
        db,
        settled.flatMap((answer) => (answer.ok ? [answer.id] : [])),
      );
      throw new AppError("conflict", "Another process is running one of these trials.");
    },
    store: (trials) => inTransaction(db, (tx) => storeAndSettle(tx, trials, options)),
    release: async (reservationIds) => {
      await releaseMany(db, reservationIds);
    },
    ...(othersHold === undefined ? {} : { othersHold }),
  };
}

/**
 * What this call stored is booked, also where somebody who took this process for dead had given its money back. What
 * another process had stored before is booked only where somebody bills for the call.
 */
async function storeAndSettle(
  tx: Executor,
  trials: readonly FinishedTrial[],
  { optimizationId, agentType, runSeed, billable }: TrialStoreOptions,
): Promise<void> {
  const inserted = await insertTrials(
    tx,
    trials.map(({ order, key, result }) => ({
      identity: {
        evaluationKey: key,
        experimentId: order.experimentId,
        optimizationId,
        agentType,
        promptId: order.prompt.id,
        benchmarkId: order.benchmark.id,
        arm: order.arm,
        runSeed,
        repeat: order.repeat,
      },
      result,
    })),
  );
  const costs = (own: readonly FinishedTrial[]) =>
    own.map(({ reservationId, result }) => ({ reservationId, actualUsd: result.costUsd }));
  const own = trials.filter(({ key }) => inserted.has(key));
  const others = trials.filter(({ key }) => !inserted.has(key));
  await settleMany(tx, costs(billable ? trials : own));
  if (!billable)
    await releaseMany(
      tx,
      others.map(({ reservationId }) => reservationId),
    );
  await settleReleased(tx, costs(own));
}
