import type { OptimizationConfig } from "#lib/domain/optimization.ts";

/** A run that finds nothing to improve ends after the learning, a tenth of its calls. */
const leastShare = 0.1;

/** The least and the most trials that a whole run may take: never more than its budget of calls. */
export function plannedTrials({ calls }: Pick<OptimizationConfig, "calls">): {
  low: number;
  high: number;
} {
  return { low: Math.ceil(calls * leastShare), high: calls };
}

/** Fewer trials say nothing of the pace. */
const trialsForPace = 20;

/**
 * The range of the time left at the pace so far, in ms; null before there is a pace. The range is wide at first and
 * closes as the run goes on, which is the truth about it.
 */
export function remainingTime(run: {
  elapsedMs: number;
  trialsDone: number;
  config: Pick<OptimizationConfig, "calls">;
}): { low: number; high: number } | null {
  const { elapsedMs, trialsDone, config } = run;
  if (trialsDone < trialsForPace || elapsedMs <= 0) return null;
  const perTrial = elapsedMs / trialsDone;
  const { low, high } = plannedTrials(config);
  return {
    low: Math.max(0, low - trialsDone) * perTrial,
    high: Math.max(0, high - trialsDone) * perTrial,
  };
}
