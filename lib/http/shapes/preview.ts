import { z } from "zod";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { agentTypeName } from "#lib/domain/prompt.ts";
import { promptRef } from "./prompt.ts";

const range = z.object({ low: z.number(), high: z.number() }).meta({ id: "Range" });

/** Where a figure comes from and how many observations are behind it; none behind the price table. */
const source = z.object({
  from: z.enum(["trials", "runs", "optimizations", "prices", "nothing"]),
  n: z.int(),
});
/** Whether a cap would end the run before its last generation. */
const capEnds = z.enum(["no", "perhaps", "surely"]);

/** The body of POST /api/v1/optimizations/preview: what the optimization would be started with. */
export const previewRequest = z.strictObject({
  agentType: agentTypeName,
  config: optimizationConfig.prefault({}),
});

/** What an optimization would take, before it is started. Money in USD, time in ms; each range goes from least to most. */
export const optimizationPreview = z
  .object({
    agentType: z.string(),
    incumbent: promptRef,
    /** Prompts that go to the proof without a search; empty for a search. */
    proves: z.array(promptRef),
    model: z.string(),
    proposerModel: z.string(),
    simulated: z.boolean(),
    config: optimizationConfig,
    /** Runs of the agent system on one benchmark. */
    trials: range,
    /** Model calls of those trials. */
    taskCalls: range,
    /** Model calls that write and check new prompts. */
    proposerCalls: range,
    taskUsd: range.nullable(),
    proposerUsd: range.nullable(),
    /** Without regard to the caps; null when a price is missing. */
    totalUsd: range.nullable(),
    /** The part that the search may not touch: the proof of the finalists, at most. */
    keptForConfirmationUsd: z.number().nullable(),
    /** Null when nothing says how long a trial takes. */
    durationMs: range.nullable(),
    sources: z.object({ task: source, proposer: source, time: source }),
    caps: z.object({
      run: z.object({ capUsd: z.number(), ends: capEnds }),
      day: z.object({ capUsd: z.number(), remainingUsd: z.number(), ends: capEnds }),
    }),
    /** In words: what a person should know before starting. */
    cautions: z.array(z.string()),
  })
  .meta({ id: "OptimizationPreview" });
export type OptimizationPreview = z.infer<typeof optimizationPreview>;
