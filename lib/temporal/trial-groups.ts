/** Trials in the compact form of the contract. Pure: workflows import it. */
import type { TrialGroup } from "./experiment-contract.ts";

export interface TrialId {
  prompt_id: string;
  arm: TrialGroup["arm"];
  repeat: number;
  benchmark_id: string;
}

export function countTrials(groups: readonly TrialGroup[]): number {
  return groups.reduce((sum, { benchmark_ids: ids }) => sum + ids.length, 0);
}

/** Neighbours that differ in the benchmark alone share a group; the order is kept. */
export function groupTrials(trials: readonly TrialId[]): TrialGroup[] {
  const groups: TrialGroup[] = [];
  for (const { prompt_id, arm, repeat, benchmark_id } of trials) {
    const last = groups.at(-1);
    if (last?.prompt_id === prompt_id && last.arm === arm && last.repeat === repeat)
      last.benchmark_ids.push(benchmark_id);
    else groups.push({ prompt_id, arm, repeat, benchmark_ids: [benchmark_id] });
  }
  return groups;
}

export function listTrials(groups: readonly TrialGroup[]): TrialId[] {
  return groups.flatMap(({ benchmark_ids, ...rest }) =>
    benchmark_ids.map((benchmark_id) => ({ ...rest, benchmark_id })),
  );
}

/** Consecutive parts of at most `size` trials. */
export function chunkTrials(groups: readonly TrialGroup[], size: number): TrialGroup[][] {
  const trials = listTrials(groups);
  const chunks: TrialGroup[][] = [];
  for (let from = 0; from < trials.length; from += size)
    chunks.push(groupTrials(trials.slice(from, from + size)));
  return chunks;
}
