import { expect, test } from "vitest";
import type { AgentSeries } from "#lib/http/shapes/agent.ts";
import { prepareTrend, timeTicks } from "./success-over-time.prepare.ts";

const hour = 3_600_000;
const point = (at: string, value: number): AgentSeries["points"][number] => ({
  at,
  success: { value, low: value - 0.1, high: value + 0.1, n: 40 },
  meanCostUsd: 0.01,
  meanLatencyMs: 900,
  simulatedRuns: 0,
});
const series: AgentSeries = {
  agentType: "engineer",
  from: "2026-11-23T00:00:00.000Z",
  to: "2026-11-23T06:00:00.000Z",
  bucketMs: hour,
  points: [
    point("2026-11-23T00:00:00.000Z", 0.4),
    point("2026-11-23T01:00:00.000Z", 0.5),
    point("2026-11-23T04:00:00.000Z", 0.7),
  ],
  prodMoves: [],
};

test("a point stands in the middle of its bucket with its band", () => {
  expect(prepareTrend(series).points[0]).toEqual({
    at: Date.parse("2026-11-23T00:30:00.000Z"),
    rate: 0.4,
    band: [0.30000000000000004, 0.5],
    n: 40,
  });
});

test("hours without runs break the line instead of being drawn as zero", () => {
  expect(prepareTrend(series).points.map(({ rate }) => rate)).toEqual([0.4, 0.5, null, 0.7]);
});

const move = (at: string, version: string, fromVersion: string | null) => ({
  at,
  version,
  fromVersion,
  promptId: "00000000-0000-4000-8000-000000000000",
  actor: "ada",
  reason: "better",
  unproven: false,
});

test("the first installation has no marker, and labels that would cover each other yield to the later one", () => {
  const { markers } = prepareTrend({
    ...series,
    prodMoves: [
      move("2026-11-23T00:10:00.000Z", "1.0.0", null),
      move("2026-11-23T04:00:00.000Z", "1.0.1", "1.0.0"),
      move("2026-11-23T04:05:00.000Z", "1.0.2", "1.0.1"),
    ],
  });
  expect(markers.map(({ label, side }) => [label, side])).toEqual([
    [null, "left"],
    ["1.0.2", "left"],
  ]);
});

test("ticks stand at whole steps and are never more than asked for", () => {
  const from = Date.parse(series.from);
  const ticks = timeTicks([from, from + 24 * hour], 6);
  expect(ticks.length).toBeLessThanOrEqual(6);
  expect(new Set(ticks.map((at) => at % (6 * hour))).size).toBe(1);
});
