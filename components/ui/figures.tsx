import type { ReactNode } from "react";
import classes from "./figures.module.css";
import { percent, percentRange, timeAgo } from "./format.ts";
import { useNow } from "./use-now.ts";

/** Below this many observations a rate is drawn faded. */
const fewObservations = 20;

export interface RateProps {
  estimate: { value: number; low: number; high: number; n: number };
  /** Range and n on a line of their own. */
  stacked?: boolean;
}

/** A rate with its interval and n. */
export function Rate({ estimate, stacked = false }: RateProps) {
  if (estimate.n === 0) return <span className={classes.range}>no runs yet</span>;
  return (
    <span
      className={`${classes.estimate} ${estimate.n < fewObservations ? classes.few : ""}`}
      title={
        estimate.n < fewObservations ? "Few observations: the rate may be far off." : undefined
      }
    >
      {percent(estimate.value)}
      {stacked ? <br /> : " "}
      <span className={classes.range}>{percentRange(estimate)}</span>
    </span>
  );
}

export function Stat({
  label,
  value,
  note,
}: {
  label: string;
  value: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className={classes.stat}>
      <div className={classes.statLabel}>{label}</div>
      <div className={classes.statValue}>{value}</div>
      {note === undefined ? null : <div className={classes.statNote}>{note}</div>}
    </div>
  );
}

export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {timeAgo(at, now)}
    </time>
  );
}
