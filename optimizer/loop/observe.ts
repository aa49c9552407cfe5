/**
 * Observe: does an agent need work? It does when, over its last runs, success is under its threshold or the mean cost
 * above it; and it is said only when the interval leaves no doubt or the point estimate has enough runs behind it.
 */
import type { Estimate } from "#lib/domain/experiment.ts";
import type { AgentThresholds } from "#lib/domain/optimization.ts";

/** The last runs of one agent type; rates in 0..1, money in USD, latency in ms. */
export interface AgentWindow {
  agentType: string;
  runs: number;
  success: Estimate;
  costUsd: Estimate;
}

export type Observation =
  | { state: "healthy"; agentType: string; sentence: string }
  | { state: "too-few-runs"; agentType: string; sentence: string }
  | { state: "needs-work"; agentType: string; reasons: ("success" | "cost")[]; sentence: string };

export function observe(window: AgentWindow, thresholds: AgentThresholds): Observation {
  const { agentType, runs } = window;
  if (runs < thresholds.minimumRuns) {
    const sentence = `${agentType}: ${runs} runs so far; ${thresholds.minimumRuns} are needed to judge.`;
    return { state: "too-few-runs", agentType, sentence };
  }
  const reasons: ("success" | "cost")[] = [];
  if (window.success.value < thresholds.successRateMin) reasons.push("success");
  if (window.costUsd.value > thresholds.meanCostUsdMax) reasons.push("cost");
  const success = `${percent(window.success.value)} (${percent(window.success.low)}–${percent(window.success.high)}, n = ${window.success.n})`;
  const cost = `$${window.costUsd.value.toPrecision(3)} a run`;
  if (reasons.length === 0) {
    return { state: "healthy", agentType, sentence: `${agentType}: success ${success}, ${cost}.` };
  }
  const words = reasons.map((reason) =>
    reason === "success"
      ? `success ${success} is under ${percent(thresholds.successRateMin)}`
      : `the mean cost of ${cost} is over $${thresholds.meanCostUsdMax}`,
  );
  return {
    state: "needs-work",
    agentType,
    reasons,
    sentence: `${agentType}: ${words.join(" and ")}.`,
  };
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
