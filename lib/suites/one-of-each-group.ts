import type { Benchmark } from "../domain/benchmark.ts";

/** One benchmark of each group: the first by external id, whatever order they came in. Answers them by external id. */
export function oneOfEachGroup(benchmarks: readonly Benchmark[]): Benchmark[] {
  const first = new Map<string, Benchmark>();
  for (const benchmark of benchmarks) {
    const known = first.get(benchmark.group);
    if (known === undefined || benchmark.externalId < known.externalId)
      first.set(benchmark.group, benchmark);
  }
  return [...first.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
}
