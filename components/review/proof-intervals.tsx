import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import { gainShare } from "#lib/optimizations/claim-shares.ts";
import { changeOf, confidence, percentEstimate, points, pointsRange, ratio } from "../ui/format.ts";
import { IntervalRow } from "./interval-row.tsx";
import classes from "./review.module.css";

type Figure = VerdictShape["difference"];

/** Success, difference, cost and latency on the sealed rows, each with its interval drawn. */
export function ProofIntervals({ verdict }: { verdict: VerdictShape }) {
  const { difference, level, margin } = verdict;
  const costLevel = levelOfCost(level);
  return (
    <div className={classes.intervals}>
      <RateRow label="Success today" estimate={verdict.baselineSuccess} />
      <RateRow label="Success of the candidate" estimate={verdict.candidateSuccess} />
      <IntervalRow
        label="Difference, paired"
        text={`${points(difference.value)} (${pointsRange(difference)}; ${confidence(level)} interval)`}
        interval={difference}
        domain={[-1, 1]}
        reference={0}
        change={certain(difference, 0) ? changeOf("successRate", difference.value) : "same"}
        ends={["−100", "+100 points"]}
        margin={-margin}
      />
      <RatioRow
        label="Cost of a run"
        objective="costUsd"
        estimate={verdict.costRatio}
        level={costLevel}
      />
      <RatioRow
        label="Latency of a run"
        objective="latencyMs"
        estimate={verdict.latencyRatio}
        level={costLevel}
      />
    </div>
  );
}

/** Both claims share a proof's error, so the interval of the cost is wider than that of the gain. */
function levelOfCost(level: number): number {
  return 1 - ((1 - level) * (1 - gainShare)) / gainShare;
}

function RateRow({ label, estimate }: { label: string; estimate: Figure }) {
  return (
    <IntervalRow
      label={label}
      text={percentEstimate(estimate)}
      interval={estimate}
      domain={[0, 1]}
      ends={["0", "100 %"]}
    />
  );
}

interface RatioRowProps {
  label: string;
  objective: "costUsd" | "latencyMs";
  estimate: Figure;
  level: number;
}

function RatioRow({ label, objective, estimate, level }: RatioRowProps) {
  const { text, change } = ratio(objective, estimate.value);
  const shown = certain(estimate, 1) ? text : `${text}, not certain`;
  return (
    <IntervalRow
      label={label}
      text={`${shown} (${signedPercent(estimate.low)} to ${signedPercent(estimate.high)}\u00a0%; ${confidence(level)} interval)`}
      interval={estimate}
      domain={[0, 2]}
      reference={1}
      change={certain(estimate, 1) ? change : "same"}
      ends={["free", "twice"]}
    />
  );
}

function signedPercent(value: number): string {
  const change = Math.round((value - 1) * 100);
  return change < 0 ? `−${-change}` : `+${change}`;
}

/** The interval leaves "no difference" out. */
function certain({ low, high }: Figure, reference: number): boolean {
  return low > reference || high < reference;
}
