import type { PairedRow, VerdictShape } from "#lib/http/shapes/experiment.ts";
import { RegressionMatrix } from "./regression-matrix.tsx";
import classes from "./review.module.css";
import { SealedMatrix } from "./sealed-matrix.tsx";

export interface PairedMatrixProps {
  rows: readonly PairedRow[];
  verdict: VerdictShape | null;
}

/** Both arms on each benchmark, in two sets: sealed rows, which the estimate rests on, and the regression run. */
export function PairedMatrix({ rows, verdict }: PairedMatrixProps) {
  const sealed = rows.filter(({ role }) => role === "sealed");
  const learnt = rows.filter(({ role }) => role !== "sealed");
  return (
    <div className={classes.matrices}>
      <Legend />
      {sealed.length === 0 ? null : <SealedMatrix rows={sealed} />}
      {learnt.length === 0 ? null : <RegressionMatrix rows={learnt} verdict={verdict} />}
    </div>
  );
}

function Legend() {
  return (
    <ul className={classes.legend}>
      <li>
        <span className={classes.cell} data-pass aria-hidden="true" /> run passed
      </li>
      <li>
        <span className={classes.cell} aria-hidden="true" /> run failed
      </li>
      <li>one square a run; cost and latency are means, today → candidate</li>
    </ul>
  );
}
