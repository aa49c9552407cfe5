import { z } from "zod";
import { failure, outcome, traceStep } from "#lib/domain/trial.ts";
import { instant } from "./common.ts";

/** A run of one agent as the journal keeps it. */
export const journalRun = z
  .object({
    runId: z.string(),
    traceId: z.string().nullable(),
    agentType: z.string(),
    promptId: z.uuid().nullable(),
    benchmarkId: z.uuid().nullable(),
    outcome,
    costUsd: z.number(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    latencyMs: z.number(),
    model: z.string().nullable(),
    simulated: z.boolean(),
    source: z.string(),
    errorSignature: z.string().nullable(),
    failure: failure.nullable(),
    startedAt: instant,
  })
  .meta({ id: "Run" });

export const journalRunWithSteps = journalRun.extend({ steps: z.array(traceStep) });

export const recordedRuns = z.object({
  /** Runs written now. */
  recorded: z.int(),
  /** Runs whose id was known already: left as they were. */
  known: z.int(),
});
