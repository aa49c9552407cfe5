/** Where trials and their money are kept, as evaluators see it. */
import type { TrialResult } from "#lib/domain/trial.ts";
import type { Refusal, TrialOrder } from "./contract.ts";

export interface TrialStore {
  /** Stored results by evaluation key. */
  find(keys: readonly string[]): Promise<Map<string, TrialResult>>;
  /** Reserves for each, or says which cap refuses; judged in this order. */
  reserve(works: readonly { key: string; amountUsd: number }[]): Promise<Reservation[]>;
  /** Stores the trials and settles their reservations, all or none. */
  store(trials: readonly FinishedTrial[]): Promise<void>;
  /** Gives reservations back when nothing was run. */
  release(reservationIds: readonly string[]): Promise<void>;
  /** Do other processes hold money of this run that may come back? Without it, only this process is thought of. */
  othersHold?: () => Promise<boolean>;
}

export interface FinishedTrial {
  order: TrialOrder;
  key: string;
  result: TrialResult;
  reservationId: string;
}

export type Reservation =
  | { ok: true; id: string }
  /** Another process has stored the trial meanwhile. */
  | { ok: false; reason: "stored" }
  | { ok: false; reason: Exclude<Refusal, "stopped"> };
