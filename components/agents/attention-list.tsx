import Link from "next/link";
import type { AttentionItem } from "#lib/http/shapes/overview.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { EmptyState } from "../ui/states.tsx";
import classes from "./overview.module.css";

/** What is wrong or waiting, each with the one thing to do next. */
export function AttentionList({ items }: { items: readonly AttentionItem[] }) {
  if (items.length === 0) {
    return (
      <EmptyState title="Nothing needs you">
        Agents hold their thresholds and no candidate waits. What turns up stands here.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.attention}>
      {items.map((item) => (
        <li key={`${item.kind} ${item.promptId ?? item.agentType ?? ""}`}>
          <span className={classes.mark} data-kind={item.kind} aria-hidden="true">
            {item.kind === "candidate-waiting" ? "◆" : "▲"}
          </span>
          <span>{item.sentence}</span>
          <span className={classes.since}>
            {item.since === null ? null : <TimeAgo at={item.since} />}
          </span>
          <NextStep item={item} />
        </li>
      ))}
    </ul>
  );
}

function NextStep({
  item: { kind, promptId, optimizationId, agentType },
}: {
  item: AttentionItem;
}) {
  if (kind === "candidate-waiting" && promptId !== null)
    return <Link href={`/review/${promptId}`}>Review</Link>;
  if (optimizationId !== null)
    return <Link href={`/optimizations/${optimizationId}`}>Open optimization</Link>;
  if (agentType !== null) return <Link href={`/agents/${agentType}`}>Open agent</Link>;
  return <Link href="/optimizations">Open optimizations</Link>;
}
