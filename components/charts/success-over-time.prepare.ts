import type { AgentSeries } from "#lib/http/shapes/agent.ts";

/** One drawable point; null where a bucket had no runs, so that the line breaks. */
export interface TrendPoint {
  at: number;
  rate: number | null;
  band: [number, number] | null;
  n: number;
}

export interface TrendMarker {
  at: number;
  version: string;
}

export interface Trend {
  points: TrendPoint[];
  markers: TrendMarker[];
  domain: [number, number];
}

/** Rows of the API → what the chart draws. Each point stands in the middle of its bucket. */
export function prepareTrend(series: AgentSeries): Trend {
  const { bucketMs } = series;
  const points: TrendPoint[] = [];
  let previous: number | null = null;
  for (const { at, success } of series.points) {
    const middle = Date.parse(at) + bucketMs / 2;
    if (previous !== null && middle - previous > bucketMs * 1.5) {
      points.push({ at: previous + bucketMs, rate: null, band: null, n: 0 });
    }
    points.push({
      at: middle,
      rate: success.value,
      band: [success.low, success.high],
      n: success.n,
    });
    previous = middle;
  }
  return {
    points,
    markers: series.prodMoves.map(({ at, version }) => ({ at: Date.parse(at), version })),
    domain: [Date.parse(series.from), Date.parse(series.to)],
  };
}

/** Moments to write below the axis, at most `most`, at whole steps of local time. */
export function timeTicks([from, to]: [number, number], most: number): number[] {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= most) ?? to - from;
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let at = first; at <= to; at += step) ticks.push(at);
  return ticks;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
];

/** `14:30` within a day or two, `23 Nov` beyond. */
export function timeLabel(at: number, [from, to]: [number, number]): string {
  const date = new Date(at);
  return to - from <= 2 * day
    ? date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
