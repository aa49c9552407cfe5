import type { VerdictKind } from "#lib/domain/experiment.ts";
import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import { changeOf, percentEstimate, points, pointsRange, ratio } from "../ui/format.ts";
import { IntervalRow } from "./interval-row.tsx";
import classes from "./review.module.css";

const kindWords: Readonly<Record<VerdictKind, string>> = {
  "promote-eligible": "Proven better",
  "cheaper-equal": "As good and cheaper",
  inconclusive: "Inconclusive",
  reject: "Not better",
};

/** The decision of a confirmation in words, and the intervals it rests on. */
export function VerdictPanel({ verdict }: { verdict: VerdictShape }) {
  const { difference, rowsToDecide } = verdict;
  return (
    <div className={classes.verdict}>
      <div>
        <span className={classes.kind} data-kind={verdict.kind}>
          {kindWords[verdict.kind]}
        </span>
        <div className={classes.sentence}>{verdict.sentence}</div>
        {rowsToDecide === null ? null : (
          <div className={classes.dim}>
            About {rowsToDecide} more sealed rows would probably decide.
          </div>
        )}
      </div>
      <div className={classes.intervals}>
        <RateRow label="Success today" estimate={verdict.baselineSuccess} />
        <RateRow label="Success of the candidate" estimate={verdict.candidateSuccess} />
        <IntervalRow
          label="Difference, paired"
          text={`${points(difference.value)} (${pointsRange(difference)}), ${pText(verdict.pValueHolm)}`}
          interval={difference}
          domain={[-1, 1]}
          reference={0}
          change={certain(difference, 0) ? changeOf("successRate", difference.value) : "same"}
        />
        <RatioRow label="Cost" objective="costUsd" estimate={verdict.costRatio} />
        <RatioRow label="Latency" objective="latencyMs" estimate={verdict.latencyRatio} />
      </div>
    </div>
  );
}

type Figure = VerdictShape["difference"];

function RateRow({ label, estimate }: { label: string; estimate: Figure }) {
  return (
    <IntervalRow
      label={label}
      text={percentEstimate(estimate)}
      interval={estimate}
      domain={[0, 1]}
    />
  );
}

interface RatioRowProps {
  label: string;
  objective: "costUsd" | "latencyMs";
  estimate: Figure;
}

function RatioRow({ label, objective, estimate }: RatioRowProps) {
  const { text, change } = ratio(objective, estimate.value);
  const percentOf = (value: number) => Math.round((value - 1) * 100);
  return (
    <IntervalRow
      label={label}
      text={`${text} (${percentOf(estimate.low)} to ${percentOf(estimate.high)} %)`}
      interval={estimate}
      domain={[0, 2]}
      reference={1}
      change={certain(estimate, 1) ? change : "same"}
    />
  );
}

/** The interval leaves "no difference" out. */
function certain({ low, high }: Figure, reference: number): boolean {
  return low > reference || high < reference;
}

function pText(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}
