import type { ReactNode } from "react";
import { ordinalWords } from "#lib/domain/verdict-words.ts";
import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import { count, percent, points } from "../ui/format.ts";
import classes from "./start-dialogue.module.css";

type Outlook = OptimizationPreview["proof"];

const todayWords: Readonly<Record<Outlook["todayFrom"], string>> = {
  proofs: "as earlier proofs showed",
  journal: "as the journal shows",
  assumed: "assumed, since nothing was measured",
};

/** What the proof of this run could show, before anything is spent. */
export function PreviewOutlook({ proof }: { proof: Outlook }) {
  return (
    <section className={classes.outlook} aria-label="What can be proven">
      <Headline proof={proof} />
      <dl className={classes.outlookFacts}>
        <Fact name="Rows for a gain of 10 points" note={`the suite has ${count(proof.groups)}`}>
          {groups(proof.groupsForTenPoints)}
        </Fact>
        <Fact name="Rows for a gain of 20 points" note={`${count(proof.sealedGroups)} are sealed`}>
          {groups(proof.groupsForTwentyPoints)}
        </Fact>
        <Fact
          name="Smallest drop it can exclude"
          note={marginNote(proof)}
          caution={isBeyondMargin(proof)}
        >
          {proof.smallestExcludedDrop === null ? "none" : unsigned(proof.smallestExcludedDrop)}
        </Fact>
        <Fact
          name="Proofs on this prompt"
          note={`${count(proof.freshGroups)} sealed rows never opened`}
          caution={proof.provable && proof.ordinal > 1}
        >
          this would be the {ordinalWords(proof.ordinal)}
        </Fact>
      </dl>
    </section>
  );
}

function Headline({ proof }: { proof: Outlook }) {
  const today = `${percent(proof.todayRate)} success today, ${todayWords[proof.todayFrom]}`;
  if (!proof.provable)
    return (
      <p className={classes.headline} data-able="no">
        <strong>Nothing can be proven on this suite.</strong> It can be searched, and no prompt of
        it can be handed over: {count(proof.sealedGroups)} of its {count(proof.groups)} rows are
        sealed, and a proof needs at least 20.
      </p>
    );
  if (proof.smallestGain === null)
    return (
      <p className={classes.headline} data-able="no">
        <strong>No gain can be proven with these calls.</strong> Raise the calls or import rows (
        {today}).
      </p>
    );
  return (
    <p className={classes.headline}>
      Can prove a gain of <strong>{points(proof.smallestGain)} or more</strong>, four times in five,
      on {count(proof.rows)} sealed rows ({today}).
    </p>
  );
}

function isBeyondMargin({ smallestExcludedDrop: drop, margin }: Outlook): boolean {
  return drop === null || drop > margin;
}

function marginNote(proof: Outlook): string {
  const margin = `margin of the agent: ${unsigned(proof.margin)}`;
  return isBeyondMargin(proof) ? `${margin}: too few rows for “as good”` : margin;
}

function Fact({
  name,
  note,
  caution = false,
  children,
}: {
  name: string;
  note: string;
  caution?: boolean;
  children: ReactNode;
}) {
  return (
    <div data-caution={caution || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd className={classes.factNote}>{note}</dd>
    </div>
  );
}

function groups(needed: number | null): string {
  return needed === null ? "not possible" : count(needed);
}

function unsigned(share: number): string {
  return points(share).replace("+", "");
}
