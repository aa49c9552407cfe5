import type { ArmFigures, PairedRow } from "#lib/http/shapes/experiment.ts";
import { duration, usd } from "../ui/format.ts";
import classes from "./review.module.css";

/** More squares than these are drawn narrow. */
const manyRuns = 6;

/** The runs of one arm on one benchmark, a square each, and their count. */
export function Outcomes({ arm: { outcomes, passes, trials } }: { arm: ArmFigures }) {
  if (trials === 0) return <span className={classes.dim}>not run</span>;
  return (
    <>
      <span
        className={classes.cells}
        data-many={outcomes.length > manyRuns || undefined}
        aria-hidden="true"
      >
        {outcomes.map((pass, repeat) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: an outcome is its repeat.
            key={repeat}
            className={classes.cell}
            data-pass={pass || undefined}
            title={`run ${repeat + 1}: ${pass ? "passed" : "failed"}`}
          />
        ))}
      </span>
      {passes} of {trials}
    </>
  );
}

/** Mean cost and latency of both arms. */
export function CostCells({ row: { baseline, candidate } }: { row: PairedRow }) {
  const pair = (show: (value: number) => string, of: (arm: ArmFigures) => number) =>
    `${baseline.trials === 0 ? "–" : show(of(baseline))} → ${candidate.trials === 0 ? "–" : show(of(candidate))}`;
  return (
    <>
      <td className={classes.number}>{pair(usd, ({ meanCostUsd }) => meanCostUsd)}</td>
      <td className={classes.number}>{pair(duration, ({ meanLatencyMs }) => meanLatencyMs)}</td>
    </>
  );
}

export function CostHeads() {
  return (
    <>
      <th scope="col" className={classes.number}>
        Cost of a run
      </th>
      <th scope="col" className={classes.number}>
        Latency
      </th>
    </>
  );
}

/** Share of runs that the candidate passes more often, −1 to 1. */
export function gainOf({ baseline, candidate }: PairedRow): number {
  return rateOf(candidate) - rateOf(baseline);
}

function rateOf({ passes, trials }: ArmFigures): number {
  return trials === 0 ? 0 : passes / trials;
}
