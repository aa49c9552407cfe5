/** The groups of a suite as the database keeps them: once assigned, a group is sealed or open for good. */
import type { Executor } from "#lib/db/client.ts";
import { execute, sql } from "#lib/db/query.ts";
import { groupOf } from "./input-groups.ts";
import { drawSeal, type GroupedRow, stratifiedGroups } from "./seal.ts";

/** A living row of a suite with its side. */
export interface SealedRow extends GroupedRow {
  sealed: boolean;
}

interface SuiteRow {
  suite: string;
  group: string;
  retiredAt: Date | null;
}

/** Names a group of a suite among those of several. */
export function sealKey(suite: string, group: string): string {
  return `${suite} ${group}`;
}

/**
 * Whether the groups of these rows are sealed, by `sealKey`. A suite that was stored before there were groups is
 * assigned its seal first, which is kept. A retired row whose group no living row has may lack an entry.
 */
export async function loadSeals(
  db: Executor,
  rows: readonly SuiteRow[],
): Promise<Map<string, boolean>> {
  const suites = new Set(rows.map(({ suite }) => suite));
  let seals = await storedSeals(db, suites);
  const unassigned = new Set(
    rows
      .filter((row) => row.retiredAt === null && !seals.has(sealKey(row.suite, row.group)))
      .map(({ suite }) => suite),
  );
  if (unassigned.size === 0) return seals;
  for (const suite of unassigned) await keepSuiteGroups(db, suite);
  seals = await storedSeals(db, suites);
  return seals;
}

/**
 * Gives each living row of a suite its group and each group its side, where they lack one, and answers the rows. Doing
 * it again changes nothing, and two processes that do it at once write the same: the seal follows from the rows alone.
 */
export async function keepSuiteGroups(db: Executor, suite: string): Promise<SealedRow[]> {
  await fillGroupHashes(db, suite);
  const rows = await db.benchmark.findMany({
    where: { suite, retiredAt: null, groupHash: { not: null } },
    select: { groupHash: true, externalId: true, family: true, expected: true },
  });
  const grouped = rows.map(({ groupHash, ...row }) => ({ ...row, group: groupHash ?? "" }));
  const existing = await assignedSeals(db, suite);
  const seal = drawSeal({ groups: stratifiedGroups(grouped), existing });
  const fresh = [...seal]
    .filter(([group]) => !existing.has(group))
    // In one order everywhere, so that two writers wait for each other and never in a circle.
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (fresh.length > 0)
    await db.suiteGroup.createMany({
      data: fresh.map(([groupHash, sealed]) => ({ suite, groupHash, sealed })),
      skipDuplicates: true,
    });
  return grouped.map((row) => ({ ...row, sealed: seal.get(row.group) ?? false }));
}

/** Each group of a suite that has its side, groups without a living row too. */
export async function assignedSeals(db: Executor, suite: string): Promise<Map<string, boolean>> {
  const rows = await db.suiteGroup.findMany({ where: { suite } });
  return new Map(rows.map(({ groupHash, sealed }) => [groupHash, sealed]));
}

const rowsAtOnce = 500;

/** Rows of before there were groups; each round leaves fewer of them. */
async function fillGroupHashes(db: Executor, suite: string): Promise<void> {
  for (;;) {
    const rows = await db.benchmark.findMany({
      where: { suite, groupHash: null },
      select: { id: true, input: true },
      orderBy: { id: "asc" },
      take: rowsAtOnce,
    });
    if (rows.length === 0) return;
    const hashes = rows.map(({ id, input }) => ({ id, hash: groupOf(input) }));
    await execute(
      db,
      sql`UPDATE benchmarks b SET group_hash = r.hash
          FROM jsonb_to_recordset(${JSON.stringify(hashes)}::jsonb) AS r (id uuid, hash text)
          WHERE b.id = r.id AND b.group_hash IS NULL`,
    );
  }
}

async function storedSeals(
  db: Executor,
  suites: ReadonlySet<string>,
): Promise<Map<string, boolean>> {
  const rows = await db.suiteGroup.findMany({ where: { suite: { in: [...suites] } } });
  return new Map(rows.map(({ suite, groupHash, sealed }) => [sealKey(suite, groupHash), sealed]));
}
