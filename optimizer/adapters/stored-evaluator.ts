/**
 * Runs trials with money and memory: what is stored under its evaluation key is the answer; everything else reserves
 * its highest possible cost, runs, and is stored and settled in one transaction. At most `concurrency` trials run at
 * once; answers keep the order of the orders.
 */
import pLimit from "p-limit";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { Evaluator, SearchPrompt, TrialAnswer, TrialOrder } from "../ports.ts";

export interface TrialStore {
  /** Stored results by evaluation key. */
  find(keys: readonly string[]): Promise<Map<string, TrialResult>>;
  /** Reserves, or says which cap refuses. */
  reserve(work: { key: string; amountUsd: number }): Promise<Reservation>;
  /** Stores the trial and settles its reservation, both or neither. */
  store(order: TrialOrder, key: string, result: TrialResult, reservationId: string): Promise<void>;
  /** Gives a reservation back when nothing was run. */
  release(reservationId: string): Promise<void>;
}

export type Reservation = { ok: true; id: string } | { ok: false; reason: "day-cap" | "run-cap" };

export interface StoredEvaluatorOptions {
  store: TrialStore;
  /** Runs the whole agent system once; what models do wrong is a failed result, never a throw. */
  runTrial: (order: TrialOrder, key: string) => Promise<TrialResult>;
  keyOf: (order: TrialOrder) => Parameters<typeof evaluationKey>[0];
  /** Upper bound of one trial's cost in USD. */
  estimateUsd: (prompt: SearchPrompt, benchmark: Benchmark) => number;
  concurrency: number;
  isStopRequested: () => boolean;
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
      const limit = pLimit(options.concurrency);
      const work = new Map<string, Promise<TrialAnswer>>();
      const oneAtATime = pLimit(1);
      const underWay = new Set<Promise<TrialResult | null>>();
      let refusal: "day-cap" | "run-cap" | "money-kept" | null = null;
      // What was stored before counts too: a resumed run must come to the same end.
      let spentUsd = [...stored.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
      let heldUsd = 0;
      const runOne = async (order: TrialOrder, key: string): Promise<TrialAnswer> => {
        if (options.isStopRequested()) return { state: "refused", reason: "stopped" };
        // Once a cap has refused a trial no other one is scheduled: partial generations teach nothing.
        if (refusal !== null) return { state: "refused", reason: refusal };
        const started = await oneAtATime(() => startWhenThereIsRoom(order, key));
        if ("reason" in started) {
          refusal = started.reason;
          return { state: "refused", reason: started.reason };
        }
        const result = await started.running;
        if (result === null) return { state: "refused", reason: "stopped" };
        return { state: "done", result, replayed: false };
      };
      // A reservation is many times what a trial costs: near a cap the trials under way give most of theirs back.
      // Each round ends with a trial that ended, so there are no more rounds than trials.
      const startWhenThereIsRoom = async (order: TrialOrder, key: string) => {
        const amountUsd = options.estimateUsd(order.prompt, order.benchmark);
        let reservation = await reserve(key, amountUsd);
        while (!reservation.ok && underWay.size > 0) {
          await Promise.race([...underWay].map((running) => running.catch(() => undefined)));
          reservation = await reserve(key, amountUsd);
        }
        if (!reservation.ok) return { reason: reservation.reason };
        heldUsd += amountUsd;
        const running = runAndStore(order, key, reservation.id);
        underWay.add(running);
        const ended = (costUsd: number) => {
          underWay.delete(running);
          heldUsd -= amountUsd;
          spentUsd += costUsd;
        };
        running.then(
          (result) => ended(result?.costUsd ?? 0),
          () => ended(0),
        );
        return { running };
      };
      const reserve = async (key: string, amountUsd: number) =>
        spentUsd + heldUsd + amountUsd > spendMaxUsd
          ? { ok: false as const, reason: "money-kept" as const }
          : options.store.reserve({ key, amountUsd });
      const runAndStore = async (order: TrialOrder, key: string, reservationId: string) => {
        const result = await runOrRelease(order, key, reservationId);
        if (result === null) return null;
        await options.store.store(order, key, result, reservationId);
        report(1);
        return result;
      };
      /** Null for a trial that was called off. */
      const runOrRelease = async (order: TrialOrder, key: string, reservationId: string) => {
        try {
          return await options.runTrial(order, key);
        } catch (error) {
          if (options.isStopRequested()) {
            await options.store.release(reservationId);
            return null;
          }
          // Our own fault, before anything was billed that we know of: give the money back and fail the run.
          await options.store.release(reservationId);
          throw error;
        }
      };
      for (const [index, order] of orders.entries()) {
        const key = keys[index];
        if (key === undefined || stored.has(key) || work.has(key)) continue;
        work.set(
          key,
          limit(() => runOne(order, key)),
        );
      }
      const settled = await Promise.allSettled(work.values());
      const failed = settled.find((outcome) => outcome.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      return Promise.all(
        keys.map(async (key): Promise<TrialAnswer> => {
          const result = stored.get(key);
          if (result !== undefined) return { state: "done", result, replayed: true };
          return (await work.get(key)) ?? { state: "refused", reason: "stopped" };
        }),
      );
    },
  };
}
