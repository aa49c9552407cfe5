import { expect, test } from "vitest";
import { describeGroups, proofAdvice } from "./describe-groups.ts";
import { groupOf } from "./input-groups.ts";
import { drawSeal, stratifiedGroups } from "./seal.ts";

const row = (externalId: string, input: string, expected: string | null, sealed = false) => ({
  externalId,
  group: groupOf(input),
  family: null,
  expected,
  sealed,
});

test("rows with the same input are named as one group, and different answers among them as a contradiction", () => {
  const described = describeGroups([
    row("c", "2 + 2", "4", true),
    row("a", "2  + 2", "5", true),
    row("b", "Is it so?", "Yes."),
    row("d", "IS IT SO", "yes"),
    row("e", "2 + 2.", "4", true),
    row("f", "alone", "1"),
    row("g", "is it so", null),
  ]);
  expect(described).toMatchObject({
    groups: 3,
    sealed: 1,
    repeated: {
      groups: 2,
      rows: 6,
      first: [
        { rows: 3, ids: ["a", "c", "e"] },
        { rows: 3, ids: ["b", "d", "g"] },
      ],
    },
    contradictions: {
      groups: 1,
      first: [
        {
          answers: [
            { expected: "5", rows: 1, ids: ["a"] },
            { expected: "4", rows: 2, ids: ["c", "e"] },
          ],
        },
      ],
    },
  });
});

test("of very many repeated or contradicting inputs twenty are listed and all are counted", () => {
  const pairs = Array.from({ length: 30 }, (_, i) => [
    ...Array.from({ length: 25 }, (_, k) => row(`r${100 + i}-${10 + k}`, `question ${i}`, "yes")),
    row(`r${100 + i}-99`, `question ${i}`, "no"),
  ]).flat();
  const { repeated, contradictions } = describeGroups(pairs);
  expect([repeated.groups, repeated.rows, contradictions.groups]).toEqual([30, 780, 30]);
  expect([repeated.first.length, contradictions.first.length]).toEqual([20, 20]);
  expect(repeated.first[0]).toMatchObject({ rows: 26, ids: { length: 20 } });
  expect(contradictions.first[0]?.answers).toMatchObject([
    { rows: 25, ids: { length: 20 } },
    { rows: 1 },
  ]);
});

test("a suite is too small to prove anything below 20 sealed inputs, and the advice is enough", () => {
  expect(proofAdvice({ groups: 40, sealed: 20 })).toBeNull();
  expect(proofAdvice({ groups: 1, sealed: 0 })).toBe(
    "This suite can be searched, but it proves nothing: a proof needs 20 sealed inputs, which takes 40 different ones, and this suite has 1 different input. Import 39 or more benchmarks with new inputs.",
  );
  const groupsOf = (count: number) =>
    stratifiedGroups(Array.from({ length: count }, (_, i) => row(`r${i}`, `question ${i}`, null)));
  const sealedOf = (seal: ReadonlyMap<string, boolean>) =>
    [...seal.values()].filter(Boolean).length;
  for (let groups = 0; groups < 40; groups++) {
    const existing = drawSeal({ groups: groupsOf(groups), existing: new Map() });
    const advice = proofAdvice({ groups, sealed: sealedOf(existing) });
    const missing = Number(/Import (\d+) or/.exec(advice ?? "")?.[1]);
    const grown = sealedOf(drawSeal({ groups: groupsOf(groups + missing), existing }));
    const less = sealedOf(drawSeal({ groups: groupsOf(groups + missing - 1), existing }));
    expect([grown >= 20, less >= 20], `${groups}`).toEqual([true, false]);
  }
});
