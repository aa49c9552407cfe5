import { z } from "zod";
import { grade } from "./grader.ts";

/** What one step of an agent's run was. */
export const traceStepKinds = [
  "thought",
  "tool-call",
  "tool-result",
  "message",
  "critic-verdict",
  "error",
] as const;

/** One step of a trace, in the order in which it happened; the journal and the trials share this shape. */
export const traceStep = z.object({
  agentType: z.string().min(1).max(63),
  kind: z.enum(traceStepKinds),
  /** The literal text: quotes in insights are substrings of it. */
  text: z.string().max(20_000),
  toolName: z.string().max(100).optional(),
  /** Tool arguments, tool result or critic verdict as data; bounded by the edge that stores it. */
  data: z.unknown().optional(),
});
export type TraceStep = z.infer<typeof traceStep>;

export const criticVerdict = z.object({ pass: z.boolean(), objection: z.string().max(4_000) });
export type CriticVerdict = z.infer<typeof criticVerdict>;

/** Why a trial or run failed. `signature` groups equal causes: error class, tool and first failed check. */
export const failure = z.object({
  errorClass: z.enum([
    "constraint-violated",
    "wrong-answer",
    "grader-error",
    "no-submission",
    "invalid-submission",
    "tool-error",
    "step-limit",
    "timeout",
    "model-error",
    "template-error",
    "over-budget",
    "executor-error",
    "reported",
  ]),
  signature: z.string().min(1).max(200),
  message: z.string().max(4_000),
  toolName: z.string().max(100).optional(),
  failedCheck: z.string().max(200).optional(),
});
export type Failure = z.infer<typeof failure>;

export const outcomes = ["success", "failure"] as const;
export const outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof outcome>;

/** What one agent of a system used within a run; its outcome is judged by the agent's own task. */
export const agentUsage = z.object({
  agentType: z.string(),
  outcome,
  costUsd: z.number().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  latencyMs: z.number().nonnegative(),
  modelCalls: z.int().nonnegative(),
  failure: failure.nullable(),
});
export type AgentUsage = z.infer<typeof agentUsage>;

/** The result of running a whole agent system once on one benchmark. A failed trial keeps its real cost. */
export const trialResult = z.object({
  outcome,
  /** 0..1; 1 is a full success. */
  score: z.number().min(0).max(1),
  costUsd: z.number().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  latencyMs: z.number().nonnegative(),
  failure: failure.nullable(),
  agents: z.array(agentUsage),
  steps: z.array(traceStep),
  /** The last critic verdict, when the system has a critic. */
  criticVerdict: criticVerdict.nullable(),
  /** What each grader of an imported benchmark said; empty where a verifier judged. */
  grades: z.array(grade).default([]),
  /** True when any model in it was a simulation. */
  simulated: z.boolean(),
});
/** What only some results have need not be said by the others: grades. */
export type TrialResult = z.input<typeof trialResult> & {
  /** There where a provider, and not the prompt, is to blame. It decides what happens next and is never stored. */
  fault?: ProviderFault;
};

/** What a failed call says of whoever provides the model or runs the agent. */
export type ProviderFault =
  /** The same call may pass later, after the time that was named. */
  | { kind: "passing"; retryAfterMs: number | null }
  /** Every call to this model would be refused the same way; null stands for the agent itself. */
  | { kind: "refused"; model: string | null };

export const arms = ["baseline", "candidate"] as const;
export const arm = z.enum(arms);
export type Arm = z.infer<typeof arm>;
