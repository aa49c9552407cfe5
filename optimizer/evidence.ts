import {
  type CriticVerdict,
  criticVerdict,
  type Failure,
  type Outcome,
  type TraceStep,
} from "#lib/domain/trial.ts";

/** One run the optimizer learns from: a calibration trial or a production run of the journal. */
export interface EvidenceRun {
  runId: string;
  benchmarkId: string | null;
  outcome: Outcome;
  score: number;
  failure: Failure | null;
  steps: readonly TraceStep[];
}

/** Failed runs with one cause in common: what an edit answers. */
export interface FailureCluster {
  signature: string;
  statement: string;
  runs: readonly EvidenceRun[];
  /** count × mean(1 − score): proposals are shared out by it. */
  severity: number;
}

/** Names of the tools that were called before the last submission, in order of first use. */
export function toolsUsed(run: EvidenceRun): string[] {
  const names = run.steps.flatMap((step) =>
    step.kind === "tool-call" && step.toolName !== undefined ? [step.toolName] : [],
  );
  return [...new Set(names)];
}

/** The critic's verdicts in their order, with the place of each in the trace. */
export function criticVerdicts(run: EvidenceRun): { index: number; verdict: CriticVerdict }[] {
  return run.steps.flatMap((step, index) => {
    if (step.kind !== "critic-verdict") return [];
    const parsed = criticVerdict.safeParse(step.data);
    return parsed.success ? [{ index, verdict: parsed.data }] : [];
  });
}
