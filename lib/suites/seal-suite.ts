import type { Benchmark } from "../domain/benchmark.ts";
import { groupOf } from "./input-groups.ts";
import { drawSeal, stratifiedGroups } from "./seal.ts";

/** Benchmarks that are not stored, with the groups and the seal that they would have as a suite of their own. */
export function sealSuite(rows: readonly Omit<Benchmark, "group" | "sealed">[]): Benchmark[] {
  const grouped = rows.map((row) => ({ ...row, group: groupOf(row.input) }));
  const seal = drawSeal({ groups: stratifiedGroups(grouped), existing: new Map() });
  return grouped.map((row) => ({ ...row, sealed: seal.get(row.group) ?? false }));
}
