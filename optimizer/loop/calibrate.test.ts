import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { chooseBenchmarks, splitBenchmarks } from "./calibrate.ts";

const benchmarks = Array.from(
  { length: 120 },
  (_, i): Benchmark => ({
    id: `b${i}`,
    suite: "s",
    externalId: `b${i}`,
    contentHash: `b${i}`,
    input: `in ${i}`,
    expected: i % 2 === 0 ? "yes" : "no",
    labels: ["yes", "no"],
    grader: { kind: "label" },
    weight: 1,
    family: null,
    group: `b${i}`,
    required: false,
    sealed: false,
  }),
);

function calibrated(experiment: { targets: number; controls: number; holdout: number }) {
  const config = optimizationConfig.parse({
    experiment: { ...experiment, calibrationBenchmarks: 50, calibrationRepeats: 1 },
  });
  const split = splitBenchmarks(benchmarks, config);
  const measurements = split.calibration.map((benchmarkId, i) => ({
    promptId: "start",
    benchmarkId,
    repeat: 0,
    arm: "baseline" as const,
    success: i % 5 === 0,
    score: 0,
    costUsd: 0,
    latencyMs: 1,
    replayed: false,
  }));
  return { split, chosen: chooseBenchmarks(split, measurements, config) };
}

test("examples come from benchmarks that score no child and are not sealed", () => {
  const { split, chosen } = calibrated({ targets: 20, controls: 5, holdout: 10 });
  const kept = new Set([...chosen.targets, ...chosen.controls, ...split.holdout]);
  expect(kept.size).toBe(35);
  expect(chosen.examplePool.filter((id) => kept.has(id))).toEqual([]);
  expect(new Set(chosen.examplePool).size).toBe(chosen.examplePool.length);
});

test("rows that no run measures serve as examples where every calibrated one is scored", () => {
  const { split, chosen } = calibrated({ targets: 40, controls: 10, holdout: 10 });
  expect([...chosen.targets, ...chosen.controls].toSorted()).toEqual(split.calibration.toSorted());
  expect(chosen.examplePool).toEqual(split.unmeasured);
  expect(chosen.examplePool).toHaveLength(40);
});
