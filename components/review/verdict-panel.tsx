import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import { confidence, count, percent, points, pointsRange } from "../ui/format.ts";
import { ProofFigures } from "./proof-figures.tsx";
import { ProofIntervals } from "./proof-intervals.tsx";
import classes from "./review.module.css";
import { UnprovenVerdict } from "./unproven-verdict.tsx";

/** The decision of a proof: its reason first, then the figures it rests on. */
export function VerdictPanel({ verdict, name }: { verdict: VerdictShape; name: string }) {
  const { kind, reason, proof, sentence } = verdict;
  return (
    <div className={classes.verdict}>
      <div>
        <span className={classes.kind} data-kind={kind}>
          {verdictKindWords[kind]}
        </span>
        <p className={classes.reason}>{verdictReasonWords[reason]}.</p>
        {proof === null ? null : (
          <p className={classes.summary}>{gainWords(verdict, proof.rows)}</p>
        )}
      </div>
      {proof === null ? (
        <UnprovenVerdict verdict={verdict} name={name} />
      ) : (
        <>
          <ProofIntervals verdict={verdict} />
          <ProofFigures verdict={verdict} proof={proof} />
        </>
      )}
      <WhatWouldDecide verdict={verdict} />
      <details className={classes.stored}>
        <summary>The verdict as it was written down</summary>
        <p>{sentence}</p>
      </details>
    </div>
  );
}

/** `Success 39 % → 61 % on 44 sealed rows: +22 points (+5 to +38 points).` */
function gainWords(
  { baselineSuccess, candidateSuccess, difference, level }: VerdictShape,
  rows: number,
): string {
  const rates = `${percent(baselineSuccess.value)} → ${percent(candidateSuccess.value)}`;
  const interval = `${pointsRange(difference)}, ${confidence(level)} interval`;
  return `Success ${rates} on ${count(rows)} sealed rows: ${points(difference.value)} (${interval}).`;
}

/** What a person can do about a verdict that is not decided; sealed rows decide nothing about a control or a judge. */
function WhatWouldDecide({
  verdict: { reason, rowsToDecide, controls },
}: {
  verdict: VerdictShape;
}) {
  if (reason === "judge-uncertified")
    return (
      <p className={classes.decide}>
        Certify the judge with human labels, then prove the prompt again. Until then its scores
        decide nothing.
      </p>
    );
  if (reason === "required-control-open") {
    const open = controls.filter(({ required, state }) => required && state === "undecided");
    return (
      <p className={classes.decide}>
        Open: {open.map(({ externalId }) => externalId).join(", ")}. More runs would decide: prove
        the prompt again with more calls.
      </p>
    );
  }
  if (rowsToDecide === null) return null;
  return (
    <p className={classes.decide}>
      About <strong>{count(rowsToDecide)} more sealed rows</strong> would probably decide. Half of
      the rows of a suite are sealed, so import about {count(2 * rowsToDecide)}.
    </p>
  );
}
