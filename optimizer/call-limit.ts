/** Holds a run to its budget of calls: whatever the plan says, no more trials are ordered. */
import { type Measurement, trialKey } from "./measurement.ts";
import type { Evaluator, TrialAnswer } from "./ports.ts";

export interface CallLimit {
  evaluator: Evaluator;
  /** Different trials ordered so far; one that was ordered before is no new call. */
  ordered(): number;
  /** Counts trials of a step that a resumed run reads instead of ordering. */
  note(measurements: readonly Measurement[]): void;
}

/**
 * Wraps an evaluator. Orders are counted in their order, before any of them runs, so that a run is cut off at the same
 * trial whatever its concurrency; those beyond the budget are refused as "calls-spent".
 */
export function limitCalls(evaluator: Evaluator, calls: number): CallLimit {
  const known = new Set<string>();
  return {
    ordered: () => known.size,
    note: (measurements) => {
      for (const one of measurements) known.add(trialKey(one));
    },
    evaluator: {
      evaluate: async (orders, limits) => {
        const allowed = orders.map((order) => {
          const key = keyOf(order);
          if (known.has(key)) return true;
          if (known.size >= calls) return false;
          known.add(key);
          return true;
        });
        const answers = await evaluator.evaluate(
          orders.filter((_, index) => allowed[index]),
          limits,
        );
        let next = 0;
        return allowed.map((isAllowed): TrialAnswer => {
          const answer = isAllowed ? answers[next++] : undefined;
          return answer ?? { state: "refused", reason: isAllowed ? "stopped" : "calls-spent" };
        });
      },
    },
  };
}

function keyOf(order: Parameters<Evaluator["evaluate"]>[0][number]): string {
  const named: Pick<Measurement, "promptId" | "benchmarkId" | "repeat"> = {
    promptId: order.prompt.id,
    benchmarkId: order.benchmark.id,
    repeat: order.repeat,
  };
  return trialKey(named);
}
