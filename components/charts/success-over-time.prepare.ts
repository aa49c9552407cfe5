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
  /** The version that went live; null where the next marker's label needs the room. */
  label: string | null;
  /** Where the label has room. */
  side: "left" | "right";
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
    markers: markersOf(series),
    domain: [Date.parse(series.from), Date.parse(series.to)],
  };
}

/** Labels closer than this share of the width would cover each other: the later one is written. */
const labelShare = 0.08;

/** The moves of prod; the installation of the first prompt changed nothing and has no marker. */
function markersOf({ prodMoves, from, to }: AgentSeries): TrendMarker[] {
  const start = Date.parse(from);
  const span = Date.parse(to) - start;
  const moves = prodMoves.filter(({ fromVersion }) => fromVersion !== null);
  return moves.map(({ at, version }, index) => {
    const next = moves[index + 1];
    const covered = next !== undefined && Date.parse(next.at) - Date.parse(at) < span * labelShare;
    const moment = Date.parse(at);
    return {
      at: moment,
      label: covered ? null : version,
      side: (moment - start) / span > 0.5 ? "left" : "right",
    };
  });
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
