import type { ReactNode } from "react";
import { ordinalWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import { count, points, pValue } from "../ui/format.ts";
import classes from "./review.module.css";

type Proof = NonNullable<VerdictShape["proof"]>;

/** What the threshold of a proof depends on, and what it could have shown. */
export function ProofFigures({ verdict, proof }: { verdict: VerdictShape; proof: Proof }) {
  const { rows, rowsPlanned, trials, looks, looksPlanned, won, lost, ordinal } = proof;
  const same = Math.max(0, rows - won - lost);
  return (
    <dl className={classes.facts}>
      <Fact
        name="Sealed rows measured"
        note={`${count(trials)} trials, look ${looks} of ${looksPlanned}`}
      >
        {count(rows)} of {count(rowsPlanned)}
      </Fact>
      <Fact name="Rows won, lost, the same" note="where the candidate passes more often, or less">
        {count(won)}, {count(lost)}, {count(same)}
      </Fact>
      <Fact name="p-value" note={`a gain had to show at ${pValue(proof.gainAlpha)}`}>
        {pValue(verdict.pValueHolm)}
      </Fact>
      <Fact name="Smallest gain it could prove" note="four times in five, with the rows planned">
        {proof.smallestGain === null ? "none" : points(proof.smallestGain)}
      </Fact>
      <Fact name="Margin" note="a larger drop (dashed line) counts as worse">
        {points(verdict.margin).replace("+", "")}
      </Fact>
      <Fact
        name="Proof against today's prompt"
        note={`may spend ${percentOf(proof.alpha)} of 5\u00a0% of error`}
        strong={ordinal > 1}
      >
        {ordinal > 1 ? `${ordinalWords(ordinal)} proof on these rows` : "first"}
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  note,
  strong = false,
  children,
}: {
  name: string;
  note: string;
  strong?: boolean;
  children: ReactNode;
}) {
  return (
    <div data-strong={strong || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd className={classes.factNote}>{note}</dd>
    </div>
  );
}

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(2))}\u00a0%`;
}
