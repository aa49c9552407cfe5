import type { PromptStatus } from "#lib/domain/prompt.ts";
import classes from "../ui/figures.module.css";

/** A prompt's place in its lifecycle; the colours are the same everywhere, and the word is always there. */
export function StatusBadge({ status }: { status: PromptStatus }) {
  const hollow = status === "draft" || status === "archived";
  return (
    <span
      className={classes.badge}
      data-hollow={hollow || undefined}
      style={{ "--status": `var(--gp-status-${status})` }}
    >
      {status}
    </span>
  );
}
