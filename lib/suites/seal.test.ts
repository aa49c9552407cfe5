import fc from "fast-check";
import { expect, test } from "vitest";
import { groupOf } from "./input-groups.ts";
import { drawSeal, type StratifiedGroup, sealedCount, stratifiedGroups } from "./seal.ts";

const none: ReadonlyMap<string, boolean> = new Map();

/** Groups of strata of these sizes. */
function groupsOf(sizes: readonly number[], salt = ""): StratifiedGroup[] {
  return sizes.flatMap((size, s) =>
    Array.from({ length: size }, (_, i) => ({
      group: groupOf(`${salt} question ${s} ${i}`),
      stratum: `family ${s}`,
    })),
  );
}

const sealedOf = (seal: ReadonlyMap<string, boolean>) =>
  [...seal].filter(([, sealed]) => sealed).map(([group]) => group);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });

test("half of the groups are sealed, and 40 at least where there are 80", () => {
  const counts = [0, 1, 2, 39, 40, 41, 79, 80, 88, 240].map(sealedCount);
  expect(counts).toEqual([0, 0, 1, 19, 20, 20, 39, 40, 44, 120]);
});

test("the seal has the wanted size, and each stratum is within one group of its share", () => {
  fc.assert(
    fc.property(sizes, fc.string(), (of, salt) => {
      const groups = groupsOf(of, salt);
      const seal = drawSeal({ groups, existing: none });
      const wanted = sealedCount(groups.length);
      expect(sealedOf(seal)).toHaveLength(wanted);
      for (const [s, size] of of.entries()) {
        const own = groups.filter(({ stratum }) => stratum === `family ${s}`);
        const sealed = own.filter(({ group }) => seal.get(group)).length;
        expect(Math.abs(sealed - (wanted * size) / groups.length)).toBeLessThan(1);
      }
    }),
  );
});

test("neither the order of the groups nor their repetition changes the seal", () => {
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.nat()), (of, keys) => {
      const groups = groupsOf(of);
      const mixed = [...groups, ...groups.slice(0, 5)]
        .map((group) => ({ group, key: keys.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ group }) => group);
      const seals = [groups, mixed].map((list) => drawSeal({ groups: list, existing: none }));
      expect(new Map([...(seals[1] ?? none)].sort())).toEqual(
        new Map([...(seals[0] ?? none)].sort()),
      );
    }),
  );
});

test("a suite that grows keeps every side, and its total is as near to the wanted one as that allows", () => {
  fc.assert(
    fc.property(sizes, sizes, (before, more) => {
      const old = groupsOf(before);
      const existing = drawSeal({ groups: old, existing: none });
      const grown = [...old, ...groupsOf(more, "later")];
      const seal = drawSeal({ groups: grown, existing });
      for (const [group, sealed] of existing) expect(seal.get(group)).toBe(sealed);
      expect(seal.size).toBe(grown.length);
      const kept = sealedOf(existing).length;
      const wanted = sealedCount(grown.length);
      expect(sealedOf(seal)).toHaveLength(
        Math.min(Math.max(wanted, kept), kept + grown.length - old.length),
      );
    }),
  );
});

test("assignments that lie far from the share stay, and new groups make up for them", () => {
  const groups = groupsOf([30, 30]);
  const allOpen = new Map(groups.slice(0, 30).map(({ group }) => [group, false]));
  const seal = drawSeal({ groups, existing: allOpen });
  expect(sealedOf(seal)).toHaveLength(30);
  const allSealed = new Map(groups.slice(0, 40).map(({ group }) => [group, true]));
  expect(sealedOf(drawSeal({ groups, existing: allSealed }))).toHaveLength(40);
});

test("assignments of groups that the suite has no more are left out", () => {
  const groups = groupsOf([4]);
  const existing = new Map([[groupOf("gone"), true]]);
  expect([...drawSeal({ groups, existing }).keys()].sort()).toEqual(
    groups.map(({ group }) => group).sort(),
  );
});

test("strata are families, else answers that occur in two groups, else one for all; of a group the first row counts", () => {
  const row = (externalId: string, group: string, expected: string | null, family?: string) => ({
    externalId,
    group,
    expected,
    family: family ?? null,
  });
  const rows = [
    row("b", "g1", "no"),
    row("a", "g1", "yes"),
    row("c", "g2", "yes"),
    row("d", "g3", "no"),
    row("e", "g4", null),
    row("f", "g5", "yes", "beams"),
  ];
  const wanted = new Map([
    ["g1", "answer yes"],
    ["g2", "answer yes"],
    ["g3", "all"],
    ["g4", "all"],
    ["g5", "family beams"],
  ]);
  for (const list of [rows, rows.toReversed()])
    expect(new Map(stratifiedGroups(list).map(({ group, stratum }) => [group, stratum]))).toEqual(
      wanted,
    );
});
