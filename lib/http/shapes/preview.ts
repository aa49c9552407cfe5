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

const stagePlan = z
  .object({
    calls: z.int(),
    /** `unknown` until the run has probed it; planned as if repeats differed. */
    repeats: z.enum(["same", "vary", "unknown"]),
    probe: z.object({ rows: z.int(), trials: z.int() }),
    learning: z.object({
      rows: z.int(),
      repeats: z.int(),
      controlRows: z.int(),
      controlRepeats: z.int(),
      trials: z.int(),
    }),
    race: z.object({ trials: z.int() }),
    proof: z.object({
      rows: z.int(),
      repeats: z.int(),
      finalists: z.int(),
      looks: z.int(),
      trials: z.int(),
    }),
    guards: z.object({
      targets: z.int(),
      controls: z.int(),
      controlRunsMax: z.int(),
      trials: z.int(),
    }),
  })
  .meta({ id: "StagePlan" });

const proofOutlook = z
  .object({
    groups: z.int(),
    sealedGroups: z.int(),
    provable: z.boolean(),
    rows: z.int(),
    repeats: z.int(),
    todayRate: z.number(),
    todayFrom: z.enum(["proofs", "journal", "assumed"]),
    /** Smallest gain, as a share of 1, that the proof shows four times in five; null where none can be. */
    smallestGain: z.number().nullable(),
    groupsForTenPoints: z.int().nullable(),
    groupsForTwentyPoints: z.int().nullable(),
    smallestExcludedDrop: z.number().nullable(),
    margin: z.number(),
    /** Which proof against this prompt it would be, and the share of the error it may spend. */
    ordinal: z.int(),
    alpha: z.number(),
    freshGroups: z.int(),
  })
  .meta({ id: "ProofOutlook" });

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
    /** Trials of each stage; together they never pass `calls`. */
    plan: stagePlan,
    /** What the proof can show, at a power of 0.8. */
    proof: proofOutlook,
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
