import { groupOf } from "./input-groups.ts";
import { drawSeal, type GroupedRow, stratifiedGroups } from "./seal.ts";
import { type NewBenchmark, storable } from "./store-benchmarks.ts";
import type { SealedRow } from "./suite-groups.ts";

/** The rows of a suite as they would be after an import, with the seal that the import would draw. */
export function planGroups(
  stored: readonly SealedRow[],
  imported: readonly NewBenchmark[],
  assigned: ReadonlyMap<string, boolean>,
): SealedRow[] {
  const rows = new Map<string, GroupedRow>();
  for (const row of stored) rows.set(row.externalId, row);
  for (const { externalId, family, expected, input } of imported.map(storable))
    rows.set(externalId, { externalId, family, expected, group: groupOf(input) });
  const planned = [...rows.values()];
  const seal = drawSeal({ groups: stratifiedGroups(planned), existing: assigned });
  return planned.map((row) => ({ ...row, sealed: seal.get(row.group) ?? false }));
}
