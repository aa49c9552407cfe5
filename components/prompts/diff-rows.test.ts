import { expect, test } from "vitest";
import { type DiffRow, diffRows } from "./diff-rows.ts";

const none: ReadonlySet<number> = new Set();
const lines = (n: number, name: string) =>
  Array.from({ length: n }, (_, i) => `${name} ${i}\n`).join("");
const textOf = (row: DiffRow | undefined) =>
  row === undefined || row.kind === "gap" ? null : row.segments.map(({ text }) => text).join("");

test("each line keeps its number in both texts", () => {
  const rows = diffRows(
    [
      { kind: "same", text: "a\n" },
      { kind: "removed", text: "b\n" },
      { kind: "added", text: "c\nd\n" },
      { kind: "same", text: "e" },
    ],
    none,
  );
  expect(
    rows.map((row) => (row.kind === "gap" ? null : [row.kind, row.before, row.after])),
  ).toEqual([
    ["same", 1, 1],
    ["removed", 2, null],
    ["added", null, 2],
    ["added", null, 3],
    ["same", 3, 4],
  ]);
});

test("a rewritten line marks the words that differ and no others", () => {
  const [removed, added] = diffRows(
    [
      { kind: "removed", text: "Check the cost first.\n" },
      { kind: "added", text: "Check the mass first.\n" },
    ],
    none,
  );
  const changed = (row: DiffRow | undefined) =>
    row === undefined || row.kind === "gap"
      ? []
      : row.segments.filter((segment) => segment.changed).map(({ text }) => text);
  expect(changed(removed)).toEqual(["cost"]);
  expect(changed(added)).toEqual(["mass"]);
});

test("long unchanged stretches fold away and open again", () => {
  const parts = [
    { kind: "same" as const, text: lines(20, "before") },
    { kind: "added" as const, text: "new\n" },
    { kind: "same" as const, text: lines(20, "after") },
  ];
  const folded = diffRows(parts, none);
  expect(folded[0]).toEqual({ kind: "gap", rows: 17, from: 0 });
  expect(folded.length).toBe(1 + 3 + 1 + 3 + 1);
  const opened = diffRows(parts, new Set([0]));
  expect(opened.length).toBe(20 + 1 + 3 + 1);
  expect(textOf(opened[20])).toBe("new");
});

test("every line of both texts is in the unfolded rows, in order", () => {
  const parts = [
    { kind: "removed" as const, text: "one\ntwo\n" },
    { kind: "same" as const, text: lines(5, "x") },
    { kind: "added" as const, text: "three" },
  ];
  const rows = diffRows(parts, new Set(Array.from({ length: 20 }, (_, i) => i)));
  expect(rows.map(textOf)).toEqual(["one", "two", "x 0", "x 1", "x 2", "x 3", "x 4", "three"]);
});
