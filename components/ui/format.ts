import { type ObjectiveName, objectiveDirections } from "#lib/domain/objective.ts";

/** No line break between a number and its unit. */
const space = "\u00a0";

interface Figure {
  value: number;
  low: number;
  high: number;
  n: number;
}

/** 0.624 → `62 %` */
export function percent(rate: number): string {
  return `${Math.round(rate * 100)}${space}%`;
}

/** `62 % (48–74, n = 50)` */
export function percentEstimate({ value, low, high, n }: Figure): string {
  return `${percent(value)} ${percentRange({ low, high, n })}`;
}

/** `(48–74, n = 50)` */
export function percentRange({ low, high, n }: Omit<Figure, "value">): string {
  return `(${Math.round(low * 100)}–${Math.round(high * 100)}, n${space}=${space}${count(n)})`;
}

/** USD with as many digits as matter: `$0.0132`, `$4.20`, `$1 250` */
export function usd(amount: number): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? "−" : "";
  if (size === 0) return "$0";
  if (size >= 1_000) return `${sign}$${count(Math.round(size))}`;
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  if (size < 0.000_001) return `${sign}<$0.000001`;
  if (size >= 0.1) return `${sign}$${size.toFixed(3).replace(/0$/, "")}`;
  return `${sign}$${size.toFixed(2 - Math.floor(Math.log10(size)))}`;
}

/** `840 ms`, `12.4 s`, `3 min 20 s`, `2 h 05 min` */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}${space}ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)}${space}s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)}${space}min ${whole % 60}${space}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}${space}h ${String(minutes % 60).padStart(2, "0")}${space}min`;
}

/** A range of time in rough words: `2–4 min`, `under a minute` */
export function roughRange({ low, high }: { low: number; high: number }): string {
  const minute = 60_000;
  if (high < minute) return "under a minute";
  if (high < 90 * minute) {
    const from = Math.max(1, Math.floor(low / minute));
    const to = Math.ceil(high / minute);
    return from >= to ? `about ${to}${space}min` : `${from}–${to}${space}min`;
  }
  const from = (low / 3_600_000).toFixed(1);
  const to = (high / 3_600_000).toFixed(1);
  return from === to ? `about ${to}${space}h` : `${from}–${to}${space}h`;
}

/** Thin groups: `12 500` */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** A difference of rates: `+20 points` */
export function points(difference: number): string {
  const rounded = Math.round(difference * 100);
  return `${signed(rounded)}${space}${Math.abs(rounded) === 1 ? "point" : "points"}`;
}

/** `+12 to +31 points` */
export function pointsRange({ low, high }: { low: number; high: number }): string {
  return `${signed(Math.round(low * 100))} to ${signed(Math.round(high * 100))}${space}points`;
}

/** The confidence of an interval: `96 %`, `99.7 %` */
export function confidence(level: number): string {
  return `${Number((level * 100).toFixed(1))}${space}%`;
}

/** `0.021`; `0.0004` where three digits would say nothing. */
export function pValue(p: number): string {
  if (p >= 0.001) return p.toFixed(3);
  return p < 0.000_1 ? "below 0.0001" : p.toFixed(4);
}

function signed(n: number): string {
  return n > 0 ? `+${n}` : n < 0 ? `−${-n}` : "±0";
}

export type Change = "better" | "worse" | "same";

const ratioWords: Readonly<Record<"costUsd" | "latencyMs", { more: string; less: string }>> = {
  costUsd: { more: "more expensive", less: "cheaper" },
  latencyMs: { more: "slower", less: "faster" },
};

/** Candidate over baseline in words: `5 % more expensive`; under half a percent is no change. */
export function ratio(
  objective: "costUsd" | "latencyMs",
  value: number,
): { text: string; change: Change } {
  const share = Math.round((value - 1) * 100);
  if (share === 0)
    return { text: `as ${objective === "costUsd" ? "cheap" : "fast"} as before`, change: "same" };
  const words = ratioWords[objective];
  return {
    text: `${Math.abs(share)}${space}% ${share > 0 ? words.more : words.less}`,
    change: changeOf(objective, share),
  };
}

/** Whether a difference (new minus old) of an objective is good; the direction stands in lib/domain/objective. */
export function changeOf(objective: ObjectiveName, difference: number): Change {
  if (difference === 0) return "same";
  const wanted = objectiveDirections[objective] === "maximize" ? 1 : -1;
  return Math.sign(difference) === wanted ? "better" : "worse";
}

/** `just now`, `4 min ago`, `3 h ago`, `2 days ago` */
export function timeAgo(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes}${space}min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}${space}h ago`;
  return `${Math.floor(hours / 24)}${space}days ago`;
}
