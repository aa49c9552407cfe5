import type { TrialResult } from "#lib/domain/trial.ts";
import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { Evaluator, Refusal, TrialAnswer, TrialOrder } from "./contract.ts";
import { Round, type RoundOptions } from "./round.ts";

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

export interface StoredEvaluatorOptions extends RoundOptions {
  /** Runs the whole agent system once; what models do wrong is a failed result, never a throw. */
  runTrial: (order: TrialOrder, key: string) => Promise<TrialResult>;
  keyOf: (order: TrialOrder) => Parameters<typeof evaluationKey>[0];
  onProgress?: (done: number) => void;
}

export function createStoredEvaluator(options: StoredEvaluatorOptions): Evaluator {
  let done = 0;
  const report = (count: number) => {
    done += count;
    options.onProgress?.(done);
  };
  return {
    evaluate: async (orders, { spendMaxUsd } = { spendMaxUsd: Number.POSITIVE_INFINITY }) => {
      const keys = orders.map((order) => evaluationKey(options.keyOf(order)));
      const stored = await options.store.find([...new Set(keys)]);
      report(keys.filter((key) => stored.has(key)).length);
      const work = new Map<string, TrialOrder>();
      for (const [index, order] of orders.entries()) {
        const key = keys[index];
        if (key !== undefined && !stored.has(key)) work.set(key, order);
      }
      // What was stored before counts too: a resumed run must come to the same end.
      const spentUsd = [...stored.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
      const answers = await new Round(options, work, {
        roomUsd: spendMaxUsd - spentUsd,
        onStored: report,
      }).toEnd();
      return keys.map((key): TrialAnswer => {
        const result = stored.get(key);
        if (result !== undefined) return { state: "done", result, replayed: true };
        return answers.get(key) ?? { state: "refused", reason: "stopped" };
      });
    },
  };
}
