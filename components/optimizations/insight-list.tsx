import { Button } from "@mantine/core";
import { useState } from "react";
import { insightDetail } from "#lib/domain/insight.ts";
import type { CoachShape, InsightShape } from "#lib/http/shapes/optimization.ts";
import { percent } from "../ui/format.ts";
import { EmptyState } from "../ui/states.tsx";
import { CoachPanel } from "./coach-panel.tsx";
import classes from "./optimization.module.css";

export interface InsightListProps {
  insights: readonly InsightShape[];
  coach: CoachShape | null;
}

const quotesShown = 2;
const insightsShown = 5;

/** Why runs fail, by share, each with literal quotes; then whose prompt the coach would tune. */
export function InsightList({ insights, coach }: InsightListProps) {
  const [all, setAll] = useState(false);
  if (insights.length === 0) {
    return (
      <EmptyState title="No causes stated yet">
        Once today&rsquo;s prompt is measured, its failures are grouped and quoted here.
      </EmptyState>
    );
  }
  const shown = all ? insights : insights.slice(0, insightsShown);
  return (
    <>
      <ul className={classes.insights}>
        {shown.map(({ id, statement, signature, count, share, failedRuns, evidence }) => (
          <li key={id} className={classes.insight}>
            <div className={classes.statement}>
              <span>
                {statement}
                {insightDetail({ signature })}
              </span>
              <span className={classes.share}>
                {percent(share)} ({count} of {failedRuns})
              </span>
            </div>
            <div className={classes.track} aria-hidden="true">
              <div className={classes.fill} style={{ width: percent(share).replace(/\s/g, "") }} />
            </div>
            {evidence.slice(0, quotesShown).map(({ runId, stepIndex, quote }) => (
              <blockquote key={`${runId} ${stepIndex}`} className={classes.quote}>
                “{quote}”
              </blockquote>
            ))}
          </li>
        ))}
      </ul>
      {shown.length === insights.length ? null : (
        <Button variant="subtle" size="xs" m="xs" onClick={() => setAll(true)}>
          Show {insights.length - shown.length} smaller causes
        </Button>
      )}
      {coach === null ? null : <CoachPanel coach={coach} />}
    </>
  );
}
