/** Where an insight's literal quote stands. */
export interface InsightEvidence {
  /** Journal run or trial the quote is from. */
  runId: string;
  stepIndex: number;
  quote: string;
}

/** One cause of failures, with its share and literal evidence. */
export interface Insight {
  agentType: string;
  signature: string;
  statement: string;
  count: number;
  /** count / all failed runs looked at, 0..1. */
  share: number;
  /** Number of failed runs looked at. */
  failedRuns: number;
  evidence: InsightEvidence[];
}

/** Whose prompt the coach holds at fault for one failed run. */
export type CoachFault = "critic-missed-error" | "engineer-ignored-critic" | "neither";

export interface CoachVerdict {
  /** The agent type whose prompt should be tuned. */
  tune: string;
  /** The section of that prompt to work on, when the coach knows it. */
  section: "receptiveness" | null;
  tallies: Record<CoachFault, number>;
  reason: string;
}
