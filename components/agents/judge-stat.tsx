"use client";

import { useQuery } from "@tanstack/react-query";
import type { JudgeStandingShape } from "#lib/http/shapes/judge.ts";
import { judgeQuery } from "../data/queries.ts";
import { Stat } from "../ui/figures.tsx";

/** Whether verdicts may rest on the model that judges an agent's suite; nothing where rules alone do. */
export function JudgeStat({ suite }: { suite: string }) {
  const { data } = useQuery(judgeQuery(suite));
  if (data === undefined || data.state === "no-judge") return null;
  return (
    <Stat
      label="Judge"
      value={data.state === "certified" ? "certified" : "not certified"}
      note={<span title={data.reason}>{noteOf(data)}</span>}
    />
  );
}

function noteOf({ kappa, judges, suite }: JudgeStandingShape): string {
  if (kappa === null) {
    const labelled = judges.reduce((sum, judge) => sum + judge.labelledAnswers, 0);
    return `${labelled} labelled answers; genepool suites certify ${suite}`;
  }
  const { value, low, high, n } = kappa;
  return `kappa ${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}), ${n} labelled answers`;
}
