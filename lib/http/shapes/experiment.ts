import { z } from "zod";
import {
  controlStates,
  experimentKinds,
  experimentStatuses,
  verdictKinds,
  verdictReasons,
} from "#lib/domain/experiment.ts";
import { estimate, instant, pageOf } from "./common.ts";
import { promptRef } from "./prompt.ts";

const pairedSuccess = z.object({ baselineSuccess: estimate, candidateSuccess: estimate });

/** How the proof on sealed rows went. */
const proofFacts = z
  .object({
    rows: z.int(),
    rowsPlanned: z.int(),
    trials: z.int(),
    looks: z.int(),
    looksPlanned: z.int(),
    /** Which proof against this incumbent it was, from 1. */
    ordinal: z.int(),
    alpha: z.number(),
    /** One-sided level at which a gain had to show. */
    gainAlpha: z.number(),
    won: z.int(),
    lost: z.int(),
    /** Smallest gain that the planned rows show with a power of 0.8; null where none can. */
    smallestGain: z.number().nullable(),
  })
  .meta({ id: "ProofFacts" });

export const verdict = z
  .object({
    kind: z.enum(verdictKinds),
    /** What decided it. */
    reason: z.enum(verdictReasons),
    sentence: z.string(),
    /** On sealed rows alone, as are difference and ratios. */
    baselineSuccess: estimate,
    candidateSuccess: estimate,
    difference: estimate,
    /** Two-sided confidence of the intervals of difference and ratios. */
    level: z.number(),
    pValue: z.number(),
    pValueHolm: z.number(),
    costRatio: estimate,
    latencyRatio: estimate,
    /** Largest drop of success that still counts as equal, as a share of 1. */
    margin: z.number(),
    proof: proofFacts.nullable(),
    /** The regression run on rows that failed: where the search learnt. */
    targets: pairedSuccess.nullable(),
    controls: z.array(
      z.object({
        benchmarkId: z.string(),
        externalId: z.string(),
        required: z.boolean(),
        passes: z.int(),
        failures: z.int(),
        todayRate: z.number(),
        state: z.enum(controlStates),
      }),
    ),
    visibleControlDrop: z.number().nullable(),
    rowsToDecide: z.int().nullable(),
    cautions: z.array(z.string()),
  })
  .meta({ id: "Verdict" });
export type VerdictShape = z.infer<typeof verdict>;

/** An experiment; these names are kept for clients. */
export const publicExperiment = z
  .object({
    id: z.uuid(),
    prompt_id: z.uuid(),
    prompt_version: z.string(),
    agent_type: z.string(),
    kind: z.enum(experimentKinds),
    baseline: promptRef.nullable(),
    benchmark_ids: z.array(z.uuid()),
    control_ids: z.array(z.uuid()),
    sealed_ids: z.array(z.uuid()),
    repeats: z.int(),
    status: z.enum(experimentStatuses),
    results: z.unknown(),
    verdict: verdict.nullable(),
    optimization_id: z.uuid().nullable(),
    generation: z.int().nullable(),
    simulated: z.boolean(),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .meta({ id: "Experiment" });
export type PublicExperiment = z.infer<typeof publicExperiment>;

const armFigures = z.object({
  /** One letter per repeat in order: did it pass? */
  outcomes: z.array(z.boolean()),
  passes: z.int(),
  trials: z.int(),
  meanCostUsd: z.number(),
  meanLatencyMs: z.number(),
});
export type ArmFigures = z.infer<typeof armFigures>;

/** Both arms on one benchmark. */
export const pairedRow = z
  .object({
    benchmarkId: z.uuid(),
    externalId: z.string(),
    family: z.string().nullable(),
    /** `sealed`: drawn at random, what the estimate rests on. */
    role: z.enum(["target", "control", "sealed"]),
    baseline: armFigures,
    candidate: armFigures,
  })
  .meta({ id: "PairedRow" });
export type PairedRow = z.infer<typeof pairedRow>;

export const experimentDetail = publicExperiment.extend({ rows: z.array(pairedRow) });
export type ExperimentDetail = z.infer<typeof experimentDetail>;

export const experimentPage = pageOf(publicExperiment);
