/**
 * Which benchmarks a run may learn from and in which order, and which sealed ones its proof opens. Benchmarks with the
 * same input are one group: a run measures one of them, and no group stands on both sides of the seal.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { draw } from "#lib/random.ts";
import { oneOfEachGroup } from "#lib/suites/one-of-each-group.ts";

/**
 * The benchmarks that are not sealed, one of each group, in the one random order of this run: everybody is measured on
 * a prefix of it, so that any two prompts share their first rows. Each prefix holds every family about equally often.
 */
export function learningOrder(benchmarks: readonly Benchmark[], seed: number): Benchmark[] {
  const open = oneOfEachGroup(benchmarks.filter(({ sealed }) => !sealed));
  return spread(draw(seed, "learning-rows").shuffle(open));
}

/**
 * Sealed benchmarks for a proof, at most `rows`: those that earlier proofs used least, in random order, family by
 * family. `uses` counts by group.
 */
export function sealedRowsFor(
  benchmarks: readonly Benchmark[],
  { rows, seed, uses }: { rows: number; seed: number; uses: ReadonlyMap<string, number> },
): Benchmark[] {
  const sealed = oneOfEachGroup(benchmarks.filter((benchmark) => benchmark.sealed));
  const order = draw(seed, "sealed-rows").shuffle(sealed);
  const tiers = new Map<number, Benchmark[]>();
  for (const benchmark of order) {
    const used = uses.get(benchmark.group) ?? 0;
    tiers.set(used, [...(tiers.get(used) ?? []), benchmark]);
  }
  return [...tiers.keys()]
    .sort((a, b) => a - b)
    .flatMap((used) => spread(tiers.get(used) ?? []))
    .slice(0, rows);
}

/**
 * Proportional mixing: position (i + u) / n within each stratum of size n, so that a prefix holds each stratum in its
 * share of the whole. A stratum is a family, or else an expected answer that several benchmarks have in common.
 */
export function spread(benchmarks: readonly Benchmark[]): Benchmark[] {
  const strata = new Map<string, Benchmark[]>();
  for (const benchmark of benchmarks) {
    const key = benchmark.family ?? benchmark.expected ?? "";
    strata.set(key, [...(strata.get(key) ?? []), benchmark]);
  }
  const placed = [...strata.values()].flatMap((stratum, s) =>
    // Strata of one would all land in the middle; the shuffled order places them.
    stratum.map((benchmark, i) => ({
      benchmark,
      place:
        stratum.length === 1
          ? (benchmarks.indexOf(benchmark) + 0.5) / benchmarks.length
          : (i + (s + 0.5) / strata.size) / stratum.length,
    })),
  );
  return placed.sort((a, b) => a.place - b.place).map(({ benchmark }) => benchmark);
}
