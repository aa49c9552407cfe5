import { randomUUID } from "node:crypto";
import { GenepoolError } from "./errors.ts";
import type { Prompt } from "./prompt.ts";

export type RunStep = {
  agentType: string;
  kind: "thought" | "tool-call" | "tool-result" | "message" | "critic-verdict" | "error";
  text: string;
  toolName?: string;
  data?: unknown;
};

/** Why a run failed; `signature` groups equal causes. */
export type RunFailure = {
  errorClass:
    | "constraint-violated"
    | "wrong-answer"
    | "grader-error"
    | "no-submission"
    | "invalid-submission"
    | "tool-error"
    | "step-limit"
    | "timeout"
    | "model-error"
    | "template-error"
    | "over-budget"
    | "executor-error"
    | "reported";
  signature: string;
  message: string;
  toolName?: string;
  failedCheck?: string;
};

/** What a caller tells about one run of one agent. */
export type RunReport = {
  agentType: string;
  outcome: "success" | "failure";
  /** As the service answered with it; tells which prompt the run was made with. */
  prompt?: Prompt;
  /** Made up when absent. A run is counted once, however often its id is reported. */
  runId?: string;
  /** Groups the runs of one task. */
  traceId?: string;
  benchmarkId?: string;
  costUsd?: number;
  inputTokens?: number;
  outputTokens?: number;
  latencyMs?: number;
  model?: string;
  simulated?: boolean;
  errorSignature?: string;
  failure?: RunFailure;
  startedAt?: Date;
  steps?: readonly RunStep[];
};

/** JSON, encoded when it was reported: what the caller changes later changes nothing. */
export type EncodedRun = { runId: string; json: string; bytes: number };

/** Throws GenepoolError("invalid") for what cannot be a run. */
export function encodeRun(report: RunReport): EncodedRun {
  const { prompt, runId = randomUUID(), startedAt = new Date(), ...rest } = report;
  if (report.outcome !== "success" && report.outcome !== "failure")
    throw new GenepoolError("invalid", `The outcome must be "success" or "failure".`);
  for (const name of ["costUsd", "inputTokens", "outputTokens", "latencyMs"] as const) {
    const amount = report[name] ?? 0;
    if (!Number.isFinite(amount) || amount < 0)
      throw new GenepoolError("invalid", `${name} must be a number from 0.`);
  }
  if (Number.isNaN(startedAt.getTime()))
    throw new GenepoolError("invalid", "startedAt must be a date.");
  const json = toJson({ ...rest, runId, promptId: prompt?.promptId ?? undefined, startedAt });
  return { runId, json, bytes: Buffer.byteLength(json) };
}

function toJson(run: unknown): string {
  try {
    return JSON.stringify(run, (_, value) => (typeof value === "bigint" ? String(value) : value));
  } catch (cause) {
    throw new GenepoolError("invalid", "The run holds what JSON cannot say.", cause);
  }
}
