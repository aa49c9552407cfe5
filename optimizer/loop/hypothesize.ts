/**
 * Hypothesize: why do runs fail? Groups the failed runs by signature, states insights with their share and literal
 * quotes, and lets the coach say whose prompt is at fault.
 */
import type { CoachVerdict, Insight } from "#lib/domain/insight.ts";
import { coach } from "../coach/coach.ts";
import type { CoachOptions } from "../coach/talk.ts";
import type { EvidenceRun, FailureCluster } from "../evidence.ts";
import type { AgentProfile } from "../ports.ts";
import { failureSummary } from "./failure-summary.ts";
import { clusterFailures, findInsights } from "./insights.ts";

/** What a prompt's runs tell those who edit it. */
export interface FailureEvidence {
  clusters: FailureCluster[];
  /** Runs that succeeded: what an edit must not break. */
  passing: EvidenceRun[];
  /** The same in words, for the meta-prompt. */
  summary: string;
}

export interface Hypothesis extends FailureEvidence {
  insights: Insight[];
  coach: CoachVerdict | null;
}

/** Agents of a system whose parts the coach can tell apart; null when there is nobody to compare with. */
export function coachOptionsOf(system: AgentProfile["system"]): CoachOptions | null {
  return system === "workbench"
    ? { worker: "engineer", critic: "critic", submissionTool: "submit_solution" }
    : null;
}

export function hypothesize(runs: readonly EvidenceRun[], agent: AgentProfile): Hypothesis {
  const options = coachOptionsOf(agent.system);
  const insights = findInsights(runs, {
    agentType: agent.name,
    allowedTools: agent.allowedTools,
    submissionTool: options?.submissionTool ?? "",
  });
  const verdict = options === null ? null : coach(runs, options);
  return {
    insights,
    clusters: clusterFailures(runs),
    passing: runs.filter((run) => run.outcome === "success"),
    coach: verdict,
    summary: failureSummary(insights, verdict),
  };
}
