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
  /** Books what was billed for trials that came to no result. */
  book(bills: readonly { reservationId: string; actualUsd: number }[]): Promise<void>;
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
  /** As of RanTrial; booked beside the result's own cost. */
  earlierUsd?: number;
}

/** What running a trial came to. */
export type RanTrial = TrialResult & {
  /** Billed by attempts that came to nothing because a provider was away: spent, and no part of what the trial costs. */
  earlierUsd?: number;
};

/** Thrown for a trial that ended without a result and may have been billed all the same. */
export class UnfinishedTrial extends Error {
  constructor(
    readonly reason: unknown,
    readonly billedUsd: number,
  ) {
    super("The trial came to no result.", { cause: reason });
    this.name = "UnfinishedTrial";
  }
}

export type Reservation =
  | { ok: true; id: string }
  /** Another process has stored the trial meanwhile. */
  | { ok: false; reason: "stored" }
  | { ok: false; reason: Exclude<Refusal, "stopped" | "grader-down"> };
