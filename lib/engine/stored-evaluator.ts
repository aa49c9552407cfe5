import { evaluationKey } from "#lib/harness/evaluation-key.ts";
import type { Evaluator, TrialAnswer, TrialOrder } from "./contract.ts";
import { GraderWatch } from "./grader-watch.ts";
import { Round, type RoundOptions } from "./round.ts";

export interface StoredEvaluatorOptions extends RoundOptions {
  keyOf: (order: TrialOrder) => Parameters<typeof evaluationKey>[0];
  onProgress?: (done: number) => void;
}

export function createStoredEvaluator(options: StoredEvaluatorOptions): Evaluator {
  let done = 0;
  // Over all calls: rounds of a race are too small to show it one by one.
  const watch = new GraderWatch();
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
        watch,
      }).toEnd();
      return keys.map((key): TrialAnswer => {
        const result = stored.get(key);
        if (result !== undefined) return { state: "done", result, replayed: true };
        return answers.get(key) ?? { state: "refused", reason: "stopped" };
      });
    },
  };
}
