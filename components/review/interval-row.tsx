import classes from "./review.module.css";

export interface IntervalRowProps {
  label: string;
  /** In words, with its interval. */
  text: string;
  interval: { value: number; low: number; high: number };
  /** Ends of the scale. */
  domain: [number, number];
  /** Where no difference is, or nothing. */
  reference?: number;
  change?: "better" | "worse" | "same";
}

/** One figure with its interval drawn on a scale. */
export function IntervalRow(props: IntervalRowProps) {
  const { label, text, interval, domain, reference, change = "same" } = props;
  const at = (value: number) => `${shareOf(value, domain) * 100}%`;
  return (
    <div className={classes.intervalRow}>
      <div className={classes.intervalLabel}>{label}</div>
      <div className={classes.scale} aria-hidden="true">
        {reference === undefined ? null : (
          <div className={classes.reference} style={{ left: at(reference) }} />
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
      <div className={classes.intervalText}>{text}</div>
    </div>
  );
}

function shareOf(value: number, [from, to]: [number, number]): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
