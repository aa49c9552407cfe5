"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { VerdictShape } from "#lib/http/shapes/experiment.ts";
import type { ReviewEntryShape } from "#lib/http/shapes/review.ts";
import { reviewsQuery } from "../data/queries.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { points, pointsRange } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { figureOf, Success } from "../ui/success.tsx";
import classes from "./review.module.css";

export function QueuePage() {
  const query = useQuery(reviewsQuery);
  return (
    <Page title="Review" lede="Candidates that were proven better and wait for a person.">
      <QueryView query={query} height={200}>
        {({ items }) => (
          <Section title={items.length === 1 ? "1 candidate" : `${items.length} candidates`} flush>
            {items.length === 0 ? (
              <EmptyState title="No candidate waits">
                An optimization queues a prompt here once a proof on sealed rows showed that it is
                better than today&rsquo;s, or as good and cheaper.
              </EmptyState>
            ) : (
              items.map((entry) => <Entry key={entry.prompt.id} entry={entry} />)
            )}
          </Section>
        )}
      </QueryView>
    </Page>
  );
}

/** What decided, and the prompt's one figure with its kind. */
function Evidence({
  verdict,
  prompt,
}: {
  verdict: VerdictShape | null;
  prompt: ReviewEntryShape["prompt"];
}) {
  const figure = figureOf(prompt);
  return (
    <span className={classes.evidence}>
      <span>
        {verdict === null
          ? prompt.message
          : `${verdictKindWords[verdict.kind]}: ${verdictReasonWords[verdict.reason].toLowerCase()}`}
      </span>
      <span className={classes.dim}>
        {verdict === null || verdict.proof === null
          ? null
          : `${points(verdict.difference.value)} (${pointsRange(verdict.difference)}) `}
        {figure === null ? null : <Success figure={figure} />}
      </span>
    </span>
  );
}

function Entry({
  entry: { prompt, experiment, waitingSince, blocked },
}: {
  entry: ReviewEntryShape;
}) {
  return (
    <Link href={`/review/${prompt.id}`} className={classes.queueRow}>
      <span className={classes.queueTitle}>
        {prompt.agent_type} {prompt.version}
      </span>
      <span className={classes.dim}>
        queued <TimeAgo at={waitingSince} />
      </span>
      <Evidence verdict={experiment?.verdict ?? null} prompt={prompt} />
      <span className={classes.dim}>{blocked === null ? "" : "blocked"}</span>
    </Link>
  );
}
