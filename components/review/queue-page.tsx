"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReviewEntryShape } from "#lib/http/shapes/review.ts";
import { reviewsQuery } from "../data/queries.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
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
                An optimization queues a prompt here once it beat today&rsquo;s on fresh runs and
                broke no control.
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
      <span>{experiment?.verdict?.sentence ?? prompt.message}</span>
      <span className={classes.dim}>{blocked === null ? "" : "blocked"}</span>
    </Link>
  );
}
