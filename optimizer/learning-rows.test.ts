import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { learningOrder, sealedRowsFor } from "./learning-rows.ts";

const row = (id: string, options: Partial<Benchmark> = {}): Benchmark => ({
  id,
  suite: "s",
  externalId: id,
  input: id,
  expected: null,
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: id,
  family: null,
  group: id,
  required: false,
  sealed: false,
  ...options,
});

test("a group is measured once and a sealed one never by the search", () => {
  const rows = [
    row("a1", { group: "a" }),
    row("a2", { group: "a" }),
    row("b", { sealed: true }),
    row("c"),
  ];
  expect(
    learningOrder(rows, 1)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(["a1", "c"]);
});

test("the order depends on the seed and not on the order of the rows", () => {
  const rows = Array.from({ length: 30 }, (_, i) => row(`r${String(i).padStart(2, "0")}`));
  const ids = (seed: number, from = rows) => learningOrder(from, seed).map(({ id }) => id);
  expect(ids(1, rows.toReversed())).toEqual(ids(1));
  expect(ids(2)).not.toEqual(ids(1));
});

test("each prefix holds every family in about its share", () => {
  const rows = Array.from({ length: 90 }, (_, i) =>
    row(`r${i}`, { family: i < 60 ? "large" : "small" }),
  );
  for (const size of [6, 12, 24, 45]) {
    const large = learningOrder(rows, 3)
      .slice(0, size)
      .filter(({ family }) => family === "large").length;
    expect(Math.abs(large - (size * 2) / 3)).toBeLessThanOrEqual(1);
  }
});

test("a proof opens the rows that earlier proofs used least, and only sealed ones", () => {
  const rows = Array.from({ length: 40 }, (_, i) => row(`r${i}`, { sealed: i < 30 }));
  const uses = new Map(rows.slice(0, 20).map(({ group }) => [group, 1]));
  const drawn = sealedRowsFor(rows, { rows: 15, seed: 1, uses }).map(({ id }) => id);
  expect(drawn).toHaveLength(15);
  const fresh = rows.slice(20, 30).map(({ id }) => id);
  expect(fresh.every((id) => drawn.includes(id))).toBe(true);
  expect(drawn.every((id) => Number(id.slice(1)) < 30)).toBe(true);
});
