/**
 * The seal of a suite: the groups of benchmarks that only a proof may open. It belongs to the suite, not to a run: it
 * follows from the groups alone, so whoever imports the same file has the same seal, and a group never changes sides.
 */
import { draw } from "../random.ts";

/** A proof on fewer sealed groups than this proves nothing. */
export const sealedGroupsMin = 20;
const sealedOfLargeMin = 40;
const largeMin = 80;

export interface StratifiedGroup {
  group: string;
  /** What the seal divides evenly, as a family or an expected label. */
  stratum: string;
}

/** What of a benchmark says to which group and stratum it belongs. */
export interface GroupedRow {
  group: string;
  externalId: string;
  family: string | null;
  expected: string | null;
}

/**
 * The groups of a suite with their strata: the family; without one, the expected answer where it occurs in two groups
 * or more; else one stratum for all. A group of several rows goes by its first row by external id.
 */
export function stratifiedGroups(rows: readonly GroupedRow[]): StratifiedGroup[] {
  const first = new Map<string, GroupedRow>();
  for (const row of rows) {
    const known = first.get(row.group);
    if (known === undefined || row.externalId < known.externalId) first.set(row.group, row);
  }
  const withAnswer = new Map<string, number>();
  for (const { expected } of first.values())
    if (expected !== null) withAnswer.set(expected, (withAnswer.get(expected) ?? 0) + 1);
  return [...first.values()].map(({ group, family, expected }) => {
    if (family !== null) return { group, stratum: `family ${family}` };
    const shared = expected !== null && (withAnswer.get(expected) ?? 0) > 1;
    return { group, stratum: shared ? `answer ${expected}` : "all" };
  });
}

/** How many of a suite's groups are sealed: half, but all of 40 from 80 groups on. */
export function sealedCount(groups: number): number {
  const half = Math.floor(groups / 2);
  return groups >= largeMin ? Math.max(sealedOfLargeMin, half) : half;
}

/**
 * Which groups are sealed. What `existing` says stays; new groups are drawn by their hash, from each stratum in
 * proportion, so that the total comes as near to `sealedCount` as the existing assignments allow. The order of the
 * groups does not matter; a group that comes twice counts once, in the first stratum by name.
 */
export function drawSeal({
  groups,
  existing,
}: {
  groups: readonly StratifiedGroup[];
  existing: ReadonlyMap<string, boolean>;
}): Map<string, boolean> {
  const strata = strataOf(groups, existing);
  const sealed = new Map<string, boolean>();
  for (const [stratum, count] of shares(strata)) {
    const { kept, fresh } = stratum;
    const open = count - kept.filter((group) => existing.get(group)).length;
    for (const group of kept) sealed.set(group, existing.get(group) ?? false);
    for (const [index, group] of fresh.entries()) sealed.set(group, index < open);
  }
  return sealed;
}

interface Stratum {
  name: string;
  /** Groups with an assignment. */
  kept: string[];
  /** Groups without one, in the order in which they are sealed. */
  fresh: string[];
  sealedMin: number;
}

function strataOf(
  groups: readonly StratifiedGroup[],
  existing: ReadonlyMap<string, boolean>,
): Stratum[] {
  const stratumOf = new Map<string, string>();
  for (const { group, stratum } of groups) {
    const known = stratumOf.get(group);
    if (known === undefined || stratum < known) stratumOf.set(group, stratum);
  }
  const strata = new Map<string, Stratum>();
  for (const [group, name] of inDrawnOrder(stratumOf)) {
    const stratum = strata.get(name) ?? { name, kept: [], fresh: [], sealedMin: 0 };
    strata.set(name, stratum);
    const known = existing.get(group);
    (known === undefined ? stratum.fresh : stratum.kept).push(group);
    if (known === true) stratum.sealedMin++;
  }
  return [...strata.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By a draw of each group's own, which nothing else uses and no run's seed moves. */
function inDrawnOrder(stratumOf: ReadonlyMap<string, string>): [string, string][] {
  return [...stratumOf]
    .map(([group, name]) => ({ group, name, place: draw("seal", group).next() }))
    .sort((a, b) => a.place - b.place || (a.group < b.group ? -1 : 1))
    .map(({ group, name }) => [group, name]);
}

/** Sealed groups of each stratum: its proportional share, rounded so that the largest remainders make up the total. */
function shares(strata: readonly Stratum[]): Map<Stratum, number> {
  const total = strata.reduce((sum, { kept, fresh }) => sum + kept.length + fresh.length, 0);
  const wanted = sealedCount(total);
  const rows = strata.map((stratum) => {
    const { kept, fresh, sealedMin } = stratum;
    const share = (wanted * (kept.length + fresh.length)) / Math.max(1, total);
    const sealedMax = sealedMin + fresh.length;
    return { stratum, share, sealedMax, count: clamp(Math.floor(share), sealedMin, sealedMax) };
  });
  let sum = rows.reduce((all, { count }) => all + count, 0);
  // Each step moves the total by one towards what is wanted, so this ends.
  while (sum !== wanted) {
    const step = sum < wanted ? 1 : -1;
    let first: (typeof rows)[number] | undefined;
    for (const row of rows) {
      const movable = step > 0 ? row.count < row.sealedMax : row.count > row.stratum.sealedMin;
      const behind = step * (row.share - row.count);
      if (movable && (first === undefined || behind > step * (first.share - first.count)))
        first = row;
    }
    if (first === undefined) break;
    first.count += step;
    sum += step;
  }
  return new Map(rows.map(({ stratum, count }) => [stratum, count]));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
