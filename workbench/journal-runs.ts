import type { AgentUsage, TraceStep, TrialResult } from "#lib/domain/trial.ts";

/** A run of one agent as the journal takes it. */
export interface AgentRun {
  runId: string;
  traceId: string;
  agentType: string;
  promptId: string | null;
  benchmarkId: string | null;
  outcome: AgentUsage["outcome"];
  costUsd: number;
  inputTokens: number;
  outputTokens: number;
  latencyMs: number;
  model: string | null;
  simulated: boolean;
  errorSignature: string | null;
  failure: AgentUsage["failure"];
  startedAt: Date;
  steps: TraceStep[];
}

export interface RunContext {
  traceId: string;
  startedAt: Date;
  benchmarkId: string | null;
  /** Prompt id and model of each agent, by agent type. */
  prompts: Readonly<Record<string, { promptId: string; model: string }>>;
  /** The agent whose run carries the whole conversation, so that critic and worker can be compared. */
  leadAgent: string;
}

/** One journal run an agent: each judged by its own task, the lead agent's with the steps of all. */
export function journalRunsOf(result: TrialResult, context: RunContext): AgentRun[] {
  return result.agents.map((usage) => ({
    runId: `${context.traceId}/${usage.agentType}`,
    traceId: context.traceId,
    agentType: usage.agentType,
    promptId: context.prompts[usage.agentType]?.promptId ?? null,
    benchmarkId: context.benchmarkId,
    outcome: usage.outcome,
    costUsd: usage.costUsd,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    latencyMs: usage.latencyMs,
    model: context.prompts[usage.agentType]?.model ?? null,
    simulated: result.simulated,
    errorSignature: usage.failure?.signature ?? null,
    failure: usage.failure,
    startedAt: context.startedAt,
    steps:
      usage.agentType === context.leadAgent
        ? result.steps
        : result.steps.filter((step) => step.agentType === usage.agentType),
  }));
}
