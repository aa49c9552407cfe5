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

/**
 * What went wrong between critic and engineer in one failed run. `neither`: the critic named the error and the engineer
 * worked on it, yet the run failed. `unclear`: the evidence does not tell.
 */
export const coachFaults = [
  "critic-missed-error",
  "engineer-ignored-critic",
  "neither",
  "unclear",
] as const;
export type CoachFault = (typeof coachFaults)[number];

/** What the critic said of a design that failed: named the error, objected without a subject, named others, passed. */
export const criticSights = ["named", "objected", "named-other", "passed", "none"] as const;
export type CriticSight = (typeof criticSights)[number];

/** What the engineer did after the objection. `not-resubmitted`: worked on it and handed nothing in. */
export const engineerResponses = [
  "acted",
  "acted-elsewhere",
  "unchanged",
  "not-resubmitted",
  "none",
] as const;
export type EngineerResponse = (typeof engineerResponses)[number];

/** The coach's judgement of one failed run, with where it stands in the run's trace. */
export interface CoachedRun {
  /** Journal run or trial. */
  runId: string;
  fault: CoachFault;
  saw: CriticSight;
  response: EngineerResponse;
  /** Steps of the critic's verdict and of the submission that followed it, as indexes into the trace. */
  verdictStep: number | null;
  submissionStep: number | null;
}

/** A judged run as an example: in words, with literal quotes of its steps. */
export interface CoachExample {
  runId: string;
  fault: CoachFault;
  statement: string;
  evidence: Omit<InsightEvidence, "runId">[];
}

export interface CoachVerdict {
  /** The agent type whose prompt should be tuned. */
  tune: string;
  /** The section of that prompt to work on, when the coach knows it. */
  section: "receptiveness" | null;
  /** Failed runs by fault; they add up to all failed runs. */
  tallies: Record<CoachFault, number>;
  reason: string;
  runs: CoachedRun[];
  /** Up to three, of the faults that decided it first. */
  examples: CoachExample[];
}

/** What an insight's statement leaves to its signature: which wrong answer it was. Empty where the statement says it all. */
export function insightDetail({ signature }: Pick<Insight, "signature">): string {
  const [kind, detail] = signature.split(/\/(.*)/s);
  return kind === "wrong-answer" && detail !== undefined ? ` (${detail})` : "";
}
