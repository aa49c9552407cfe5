import type { Benchmark } from "#lib/domain/benchmark.ts";

/**
 * The benchmarks that examples may come from: of the `candidates` those that are not sealed and whose group scores no
 * child. A child that shows an example of a group would answer that group from memory.
 */
export function examplePool(
  benchmarks: readonly Benchmark[],
  { candidates, scoring }: { candidates: readonly string[]; scoring: readonly string[] },
): string[] {
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  const taken = new Set(scoring.flatMap((id) => byId.get(id)?.group ?? []));
  return candidates.filter((id) => {
    const benchmark = byId.get(id);
    return benchmark !== undefined && !benchmark.sealed && !taken.has(benchmark.group);
  });
}
