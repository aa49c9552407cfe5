import { randomUUID } from "node:crypto";
import { dayOf } from "#lib/budget/amounts.ts";
import { releaseMany, settleMany } from "#lib/budget/close.ts";
import type { Clock } from "#lib/clock.ts";
import type { Database } from "#lib/db/client.ts";
import { findTrials } from "#lib/db/trials.ts";
import { AppError } from "#lib/errors.ts";
import { createTrialLedger, type TrialLedger, type TrialRun } from "./trial-ledger.ts";
import type { Reservation, TrialStore } from "./trial-store.ts";

export interface TrialStoreOptions {
  run: TrialRun;
  /** Shared by the evaluators of one process; a new one by default. */
  ledger?: TrialLedger;
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
  const { run, leaseMs, clock, othersHold, ledger = createTrialLedger(db) } = options;
  const newId = options.reservationId ?? (() => randomUUID());
  return {
    find: async (keys) => {
      const stored = await findTrials(db, keys);
      return new Map([...stored].map(([key, trial]) => [key, trial.result]));
    },
    reserve: async (wanted) => {
      const works = wanted.map(({ key, amountUsd }) => ({ id: newId(key), key, amountUsd }));
      const verdicts = await ledger.reserve({
        day: dayOf(clock.now()),
        optimizationId: run.optimizationId,
        role: trialRole,
        billable: run.billable,
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
    store: (trials) => ledger.store(run, trials),
    book: async (bills) => {
      await settleMany(db, bills);
    },
    release: async (reservationIds) => {
      await releaseMany(db, reservationIds);
    },
    ...(othersHold === undefined ? {} : { othersHold }),
  };
}
