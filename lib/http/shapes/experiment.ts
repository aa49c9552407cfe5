import { z } from "zod";
import { experimentKinds, experimentStatuses, verdictKinds } from "#lib/domain/experiment.ts";
import { estimate, instant, pageOf } from "./common.ts";
import { promptRef } from "./prompt.ts";

export const verdict = z
  .object({
    kind: z.enum(verdictKinds),
    sentence: z.string(),
    baselineSuccess: estimate,
    candidateSuccess: estimate,
    difference: estimate,
    pValue: z.number(),
    pValueHolm: z.number(),
    costRatio: estimate,
    latencyRatio: estimate,
    controls: z.array(
      z.object({
        benchmarkId: z.string(),
        externalId: z.string(),
        passes: z.int(),
        failures: z.int(),
        state: z.enum(["clear", "regressed", "undecided"]),
      }),
    ),
    holdout: z
      .object({ baselineSuccess: estimate, candidateSuccess: estimate, difference: estimate })
      .nullable(),
    repeatsToDecide: z.int().nullable(),
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
    role: z.enum(["target", "control"]),
    baseline: armFigures,
    candidate: armFigures,
  })
  .meta({ id: "PairedRow" });
export type PairedRow = z.infer<typeof pairedRow>;

export const experimentDetail = publicExperiment.extend({ rows: z.array(pairedRow) });
export type ExperimentDetail = z.infer<typeof experimentDetail>;

export const experimentPage = pageOf(publicExperiment);
