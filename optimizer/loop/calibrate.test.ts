import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Measurement } from "../measurement.ts";
import { chooseBenchmarks, controlsToAdmit, differingPairs } from "./calibrate.ts";

const row = (id: string, required = false) => ({ id, required }) as Benchmark;
const order = Array.from({ length: 30 }, (_, i) => row(`r${i}`, i % 10 === 0));
const runs = (id: string, outcomes: string, digest?: (repeat: number) => string): Measurement[] =>
  [...outcomes].map((outcome, repeat) => ({
    promptId: "today",
    benchmarkId: id,
    repeat,
    success: outcome === "p",
    score: 0,
    costUsd: 0,
    latencyMs: 0,
    ...(digest === undefined ? {} : { behaviour: { digest: digest(repeat), steps: 1 } }),
  }));
const sizes = { targets: 20, controls: 5, rows: 20, controlRows: 10 };

test("targets fail in most of their runs, controls pass more often than not, and nothing is both", () => {
  const measured = order.slice(0, 20).flatMap(({ id }, i) => runs(id, i % 2 === 0 ? "ppf" : "fff"));
  const { targets, controls, examplePool } = chooseBenchmarks(order, measured, sizes);
  expect(targets).toHaveLength(10);
  expect(controls).toHaveLength(5);
  expect(targets.some((id) => controls.includes(id))).toBe(false);
  expect(examplePool.some((id) => targets.includes(id) || controls.includes(id))).toBe(false);
});

test("five controls are found wherever five rows pass more often than not", () => {
  const measured = order.slice(0, 20).flatMap(({ id }, i) => runs(id, i < 5 ? "ppf" : "fff"));
  expect(chooseBenchmarks(order, measured, sizes).controls).toHaveLength(5);
});

test("required rows are controls before sampled ones, whatever the order", () => {
  const measured = order.slice(0, 20).flatMap(({ id }) => runs(id, "pp"));
  const { controls } = chooseBenchmarks(order, measured, { ...sizes, controls: 2 });
  expect(controls).toEqual(["r0", "r10"]);
  expect(controlsToAdmit(order, measured, { controlRows: 3 }).slice(0, 2)).toEqual(["r0", "r10"]);
});

test("rows that nobody measured are no targets", () => {
  const measured = order.slice(0, 3).flatMap(({ id }) => runs(id, "f"));
  expect(chooseBenchmarks(order, measured, sizes).targets).toHaveLength(3);
});

test("pairs differ when the agents did something else, also where both runs passed", () => {
  const equal = order.slice(0, 4).flatMap(({ id }) => runs(id, "pp", () => "same"));
  const other = runs("r9", "pp", (repeat) => `run ${repeat}`);
  const single = runs("r8", "p", () => "alone");
  expect(differingPairs([...equal, ...single])).toEqual({ pairs: 4, differed: 0 });
  expect(differingPairs([...equal, ...other])).toEqual({ pairs: 5, differed: 1 });
});
