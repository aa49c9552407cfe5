import { z } from "zod";
import { grade } from "#lib/domain/grader.ts";
import { agentUsage, arm, criticVerdict, failure, outcome, traceStep } from "#lib/domain/trial.ts";
import { pageOf } from "./common.ts";

/** One run of an agent system on one benchmark, without its trace. */
const trial = z
  .object({
    evaluationKey: z.string(),
    experimentId: z.uuid().nullable(),
    optimizationId: z.uuid().nullable(),
    agentType: z.string(),
    promptId: z.uuid(),
    benchmarkId: z.uuid(),
    arm,
    repeat: z.int(),
    outcome,
    score: z.number(),
    costUsd: z.number(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    latencyMs: z.number(),
    failure: failure.nullable(),
    simulated: z.boolean(),
  })
  .meta({ id: "Trial" });
export type TrialShape = z.infer<typeof trial>;

export const trialPage = pageOf(trial);

export const trialWithTrace = trial.extend({
  agents: z.array(agentUsage),
  steps: z.array(traceStep),
  criticVerdict: criticVerdict.nullable(),
  /** What each grader of an imported benchmark said, and what a judge took of the trial's cost. */
  grades: z.array(grade),
});
export type TrialWithTrace = z.infer<typeof trialWithTrace>;
