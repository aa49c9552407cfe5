import type { Insight, InsightEvidence } from "#lib/domain/insight.ts";
import type { TraceStep } from "#lib/domain/trial.ts";
import { type EvidenceRun, type FailureCluster, toolsUsed } from "../evidence.ts";

/** A cause that runs can have, as data: how to see it and how to say it. */
interface Cause {
  signature: string;
  statement: string;
  /** Steps that show it, best first. */
  witnesses: (run: EvidenceRun) => readonly number[];
}

const quotesPerInsight = 3;
/** How much more frequent a cause must be among failed runs than among good ones. */
const liftMin = 0.05;
const quoteLengthMax = 280;

/**
 * Causes of failures with their share among the failed runs and literal quotes, most frequent first. A habit that is
 * missing in failed runs counts only when it is missing there more often than in runs that succeeded.
 */
export function findInsights(
  runs: readonly EvidenceRun[],
  options: {
    agentType: string;
    allowedTools: readonly string[];
    submissionTool: string;
    shareMin?: number;
  },
): Insight[] {
  const failed = runs.filter((run) => run.outcome === "failure");
  if (failed.length === 0) return [];
  const passed = runs.filter((run) => run.outcome === "success");
  const counts = new Map<string, { cause: Cause; runs: EvidenceRun[] }>();
  for (const run of failed) {
    for (const cause of causesOf(run, options)) {
      const entry = counts.get(cause.signature) ?? { cause, runs: [] };
      entry.runs.push(run);
      counts.set(cause.signature, entry);
    }
  }
  const passedShare = (signature: string) =>
    passed.length === 0
      ? 0
      : passed.filter((run) => causesOf(run, options).some((c) => c.signature === signature))
          .length / passed.length;
  return [...counts.values()]
    .map(({ cause, runs: affected }) => ({
      agentType: options.agentType,
      signature: cause.signature,
      statement: cause.statement,
      count: affected.length,
      share: affected.length / failed.length,
      failedRuns: failed.length,
      evidence: quotesFor(cause, affected),
    }))
    .filter((insight) => insight.share >= (options.shareMin ?? 0.05))
    .filter((insight) => insight.share > passedShare(insight.signature) + liftMin)
    .sort((a, b) => b.count - a.count || (a.signature < b.signature ? -1 : 1));
}

/** Failed runs grouped by failure signature, worst first: one child of the search works on one cluster. */
export function clusterFailures(runs: readonly EvidenceRun[]): FailureCluster[] {
  const groups = new Map<string, EvidenceRun[]>();
  for (const run of runs) {
    if (run.outcome === "success" || run.failure === null) continue;
    groups.set(run.failure.signature, [...(groups.get(run.failure.signature) ?? []), run]);
  }
  return [...groups.entries()]
    .map(([signature, members]) => ({
      signature,
      statement: members[0]?.failure?.message ?? signature,
      runs: members,
      severity: members.reduce((sum, run) => sum + (1 - run.score), 0),
    }))
    .sort((a, b) => b.severity - a.severity || (a.signature < b.signature ? -1 : 1));
}

function causesOf(
  run: EvidenceRun,
  options: { allowedTools: readonly string[]; submissionTool: string },
): Cause[] {
  const causes: Cause[] = [];
  if (run.failure !== null) {
    const { signature, errorClass, failedCheck } = run.failure;
    causes.push({
      signature,
      statement:
        failedCheck === undefined
          ? `Ended with ${errorClass.replaceAll("-", " ")}`
          : `Failed the check "${failedCheck}" (${errorClass.replaceAll("-", " ")})`,
      witnesses: lastTexts,
    });
  }
  const used = new Set(toolsUsed(run));
  if (used.has(options.submissionTool)) {
    for (const tool of options.allowedTools) {
      if (used.has(tool) || tool === options.submissionTool) continue;
      causes.push({
        signature: `skipped/${tool}`,
        statement: `Submitted without ever calling ${tool}`,
        witnesses: lastTexts,
      });
    }
  }
  for (const tool of toolsThatFailed(run)) {
    causes.push({
      signature: `tool-error/${tool}`,
      statement: `The tool ${tool} answered with an error`,
      witnesses: (r) => indexesOf(r, (step) => step.toolName === tool && isToolError(step)),
    });
  }
  return causes;
}

function toolsThatFailed(run: EvidenceRun): string[] {
  return [
    ...new Set(
      run.steps.flatMap((step) => (isToolError(step) ? [step.toolName ?? "unknown"] : [])),
    ),
  ];
}

function isToolError(step: TraceStep): boolean {
  return (
    step.kind === "tool-result" &&
    typeof step.data === "object" &&
    step.data !== null &&
    "error" in step.data
  );
}

function indexesOf(run: EvidenceRun, matches: (step: TraceStep) => boolean): number[] {
  return run.steps.flatMap((step, index) => (matches(step) ? [index] : []));
}

/** The last thoughts before the end say best why something was left out. */
function lastTexts(run: EvidenceRun): number[] {
  const thoughts = indexesOf(run, (step) => step.kind === "thought" && step.text.trim() !== "");
  const messages = indexesOf(run, (step) => step.kind === "message" && step.text.trim() !== "");
  return [...thoughts.reverse(), ...messages.reverse()];
}

function quotesFor(cause: Cause, runs: readonly EvidenceRun[]): InsightEvidence[] {
  const evidence: InsightEvidence[] = [];
  for (const run of runs) {
    if (evidence.length === quotesPerInsight) break;
    const stepIndex = cause.witnesses(run)[0];
    const text = stepIndex === undefined ? undefined : run.steps[stepIndex]?.text;
    if (stepIndex === undefined || text === undefined) continue;
    evidence.push({ runId: run.runId, stepIndex, quote: text.trim().slice(0, quoteLengthMax) });
  }
  return evidence;
}
