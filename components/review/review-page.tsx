"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReviewPacket } from "#lib/http/shapes/review.ts";
import { reviewQuery } from "../data/queries.ts";
import { DiffView } from "../prompts/diff-view.tsx";
import { operatorWords } from "../prompts/operator-words.ts";
import { StatusBadge } from "../prompts/status-badge.tsx";
import { UnprovenMark } from "../prompts/unproven-mark.tsx";
import { TimeAgo } from "../ui/figures.tsx";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { DecisionBar } from "./decision-bar.tsx";
import { PairedMatrix } from "./paired-matrix.tsx";
import { PayBackLine } from "./pay-back-line.tsx";
import { ProveAgain } from "./prove-again.tsx";
import classes from "./review.module.css";
import { VerdictPanel } from "./verdict-panel.tsx";

export function ReviewPage({ promptId }: { promptId: string }) {
  const query = useQuery(reviewQuery(promptId));
  const prompt = query.data?.prompt;
  return (
    <Page
      title={prompt === undefined ? "Review" : `Review ${prompt.agent_type} ${prompt.version}`}
      lede={query.data === undefined ? undefined : <Origin packet={query.data} />}
    >
      <QueryView query={query} height={560}>
        {(packet) => <Packet packet={packet} />}
      </QueryView>
    </Page>
  );
}

function Origin({
  packet: { prompt, origin, waitingSince, production },
}: {
  packet: ReviewPacket;
}) {
  return (
    <>
      <StatusBadge status={prompt.status} />
      <UnprovenMark unproven={prompt.unproven} />
      {prompt.status === "candidate" ? (
        <>
          {" "}
          · queued <TimeAgo at={waitingSince} />
        </>
      ) : null}
      {production === null || production.id === prompt.id ? null : (
        <>
          {" "}
          · would replace <Link href={`/prompts/${production.id}`}>{production.version}</Link>
          <UnprovenMark unproven={production.unproven} />
        </>
      )}
      {origin.operator === null ? null : <> · made by: {operatorWords[origin.operator]}</>}
      {origin.optimizationId === null ? null : (
        <>
          {" "}
          in an <Link href={`/optimizations/${origin.optimizationId}`}>optimization</Link>
        </>
      )}
    </>
  );
}

function Packet({ packet }: { packet: ReviewPacket }) {
  const { experiment, diff, comparedWith, decisions, prompt } = packet;
  const verdict = experiment?.verdict ?? null;
  return (
    <>
      <Section title="Verdict" note={experiment?.simulated ? "simulated model" : undefined}>
        {verdict === null ? (
          <EmptyState title="No evidence">No finished proof stands behind this prompt.</EmptyState>
        ) : (
          <VerdictPanel verdict={verdict} name={`${prompt.agent_type}@${prompt.version}`} />
        )}
        {packet.payBack === null ? null : <PayBackLine payBack={packet.payBack} />}
      </Section>
      {verdict === null || verdict.cautions.length === 0 ? null : (
        <Section title="What could be wrong with it">
          <ul className={classes.cautions}>
            {verdict.cautions.map((caution) => (
              <li key={caution}>{caution}</li>
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="What changes"
        flush
        note={comparedWith === null ? undefined : `${comparedWith.version} → ${prompt.version}`}
      >
        {diff === null ? (
          <EmptyState title="Nothing to compare with">This prompt has no parent.</EmptyState>
        ) : (
          <DiffView diff={diff} />
        )}
      </Section>
      {experiment === null ? null : (
        <Section title="Benchmark by benchmark" flush note="both arms side by side">
          <PairedMatrix rows={experiment.rows} verdict={verdict} />
        </Section>
      )}
      <Decisions decisions={decisions} />
      <ProveAgain packet={packet} />
      {prompt.status === "candidate" ? <DecisionBar packet={packet} /> : null}
    </>
  );
}

/** Whether somebody else than the proposers looked, as the ledger has it. */
function eyesWords(fourEyes: ReviewPacket["decisions"][number]["fourEyes"]): string | null {
  if (fourEyes === null) return null;
  if (fourEyes.held) return "Decided by somebody other than its proposers.";
  return fourEyes.required
    ? "Decided by a proposer."
    : "Decided by a proposer; four eyes were not required.";
}

const decisionWords = {
  approved: "Approved",
  rejected: "Rejected",
  released: "Released without proof",
} as const satisfies Record<ReviewPacket["decisions"][number]["decision"], string>;

function Decisions({ decisions }: Pick<ReviewPacket, "decisions">) {
  if (decisions.length === 0) return null;
  return (
    <Section title="Decisions">
      {decisions.map(({ decision, reviewer, reason, at, fourEyes }) => (
        <p key={at}>
          <strong>
            {decisionWords[decision]} by {reviewer}
          </strong>
          , <TimeAgo at={at} />: {reason}
          <span className={classes.eyes}>{eyesWords(fourEyes)}</span>
        </p>
      ))}
    </Section>
  );
}
