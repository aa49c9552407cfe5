import { loadBenchmarks } from "#lib/db/benchmarks.ts";
import type { Executor } from "#lib/db/client.ts";

/** The production runs that the proposer may read: none on a benchmark whose group is sealed. */
export async function openRuns<Run extends { benchmarkId: string | null }>(
  db: Executor,
  runs: readonly Run[],
): Promise<Run[]> {
  const ids = new Set(runs.flatMap(({ benchmarkId }) => benchmarkId ?? []));
  const benchmarks = await loadBenchmarks(db, [...ids]);
  const sealed = new Set(benchmarks.filter((one) => one.sealed).map(({ id }) => id));
  return runs.filter(({ benchmarkId }) => benchmarkId === null || !sealed.has(benchmarkId));
}
