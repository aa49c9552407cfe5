import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { examplePool } from "./example-pool.ts";

const row = (id: string, group: string, sealed = false): Benchmark => ({
  id,
  suite: "s",
  externalId: id,
  input: group,
  expected: "yes",
  labels: null,
  grader: { kind: "exact", ignoreCase: true },
  weight: 1,
  contentHash: id,
  family: null,
  group,
  required: false,
  sealed,
});

test("no example comes from a sealed group or from a group that scores a child, under another id either", () => {
  const benchmarks = [
    row("a1", "a"),
    row("a2", "a"),
    row("b1", "b"),
    row("b2", "b"),
    row("c1", "c", true),
    row("d1", "d"),
  ];
  const candidates = ["a2", "b2", "b1", "c1", "d1", "gone"];
  expect(examplePool(benchmarks, { candidates, scoring: ["a1"] })).toEqual(["b2", "b1", "d1"]);
});
