import type { Measurement } from "../measurement.ts";
import { logOf } from "./evaluate.ts";

/** Where a prompt stands in a race: its figures on the benchmarks run so far, each benchmark counted once. */
export interface Standing {
  promptId: string;
  trials: ReadonlyMap<string, readonly Measurement[]>;
  success: number;
  logCost: number;
  logLatency: number;
}

export function standingOf(
  promptId: string,
  trials: ReadonlyMap<string, readonly Measurement[]>,
): Standing {
  const groups = [...trials.values()];
  const overall = (figure: (trial: Measurement) => number) =>
    mean(groups.map((group) => mean(group.map(figure))));
  return {
    promptId,
    trials,
    success: overall((trial) => (trial.success ? 1 : 0)),
    logCost: logOf(overall((trial) => trial.costUsd)),
    logLatency: logOf(overall((trial) => trial.latencyMs)),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
