/**
 * Probability that one arm dominates another under noise: a paired bootstrap over benchmarks, then over the repeats
 * within each (Efron & Tibshirani 1993), and the share of resamples in which the arm is at least as good in success,
 * cost and latency and better in one. The three are resampled together: failing runs are short, so their marginal
 * probabilities must not be multiplied.
 */
import type { Draws } from "../random.ts";

/** One trial of an arm: 0 or 1 (or any score), USD, milliseconds. */
export interface ArmTrial {
  success: number;
  costUsd: number;
  latencyMs: number;
}

/** Both arms' trials on one benchmark, each at least one. */
export interface ArmPair {
  arm: readonly ArmTrial[];
  rival: readonly ArmTrial[];
}

/** Share of resamples in which `arm` dominates `rival`; 0 without pairs. */
export function dominanceProbability(
  pairs: readonly ArmPair[],
  { draws, resamples = 1_000 }: { draws: Draws; resamples?: number },
): number {
  if (pairs.length === 0) return 0;
  let dominated = 0;
  for (let resample = 0; resample < resamples; resample++) {
    const arm = { success: 0, costUsd: 0, latencyMs: 0 };
    const rival = { success: 0, costUsd: 0, latencyMs: 0 };
    for (let i = 0; i < pairs.length; i++) {
      const pair = draws.pick(pairs);
      addResampled(arm, pair.arm, draws);
      addResampled(rival, pair.rival, draws);
    }
    if (dominates(arm, rival)) dominated++;
  }
  return dominated / resamples;
}

/** Adds the mean of a resample of the trials, so that each benchmark counts once whatever its repeats. */
function addResampled(sum: ArmTrial, trials: readonly ArmTrial[], draws: Draws): void {
  const n = trials.length;
  for (let k = 0; k < n; k++) {
    const trial = draws.pick(trials);
    sum.success += trial.success / n;
    sum.costUsd += trial.costUsd / n;
    sum.latencyMs += trial.latencyMs / n;
  }
}

function dominates(a: ArmTrial, b: ArmTrial): boolean {
  // Sums of the same numbers in another order may differ in the last digits.
  const success = compared(a.success, b.success);
  const cost = compared(b.costUsd, a.costUsd);
  const latency = compared(b.latencyMs, a.latencyMs);
  return success >= 0 && cost >= 0 && latency >= 0 && success + cost + latency > 0;
}

/** 1 when a is larger than b, -1 when smaller, 0 when they are the same but for rounding. */
function compared(a: number, b: number): number {
  if (Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))) return 0;
  return a > b ? 1 : -1;
}
