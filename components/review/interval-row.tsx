import classes from "./review.module.css";

export interface IntervalRowProps {
  label: string;
  /** In words, with its interval. */
  text: string;
  interval: { value: number; low: number; high: number };
  /** Ends of the scale. */
  domain: [number, number];
  /** What the ends of the scale are, in words. */
  ends: [string, string];
  /** Where no difference is, or nothing. */
  reference?: number;
  /** Where a drop begins to count as worse. */
  margin?: number;
  change?: "better" | "worse" | "same";
}

/** One figure with its interval drawn on a scale. */
export function IntervalRow(props: IntervalRowProps) {
  const { label, text, interval, domain, ends, reference, margin, change = "same" } = props;
  const at = (value: number) => `${shareOf(value, domain) * 100}%`;
  return (
    <div className={classes.intervalRow}>
      <div className={classes.intervalLabel}>{label}</div>
      <div className={classes.scaleBox} aria-hidden="true">
        <span className={classes.end}>{ends[0]}</span>
        <div className={classes.scale}>
          {reference === undefined ? null : (
            <div className={classes.reference} style={{ left: at(reference) }} />
          )}
          {margin === undefined ? null : (
            <div className={classes.margin} style={{ left: at(margin) }} />
          )}
          <div
            className={classes.whisker}
            data-change={change}
            style={{
              left: at(interval.low),
              width: `${(shareOf(interval.high, domain) - shareOf(interval.low, domain)) * 100}%`,
            }}
          />
          <div className={classes.dot} data-change={change} style={{ left: at(interval.value) }} />
        </div>
        <span className={classes.end}>{ends[1]}</span>
      </div>
      <div className={classes.intervalText}>{text}</div>
    </div>
  );
}

function shareOf(value: number, [from, to]: [number, number]): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
