import { z } from "zod";
import { breedingConfig } from "./breeding.ts";

export const optimizationStates = [
  "queued",
  "running",
  "stopping",
  "stopped",
  "finished",
  "failed",
] as const;
export type OptimizationState = (typeof optimizationStates)[number];

/** The loop's steps in their order; mutate, experiment and evaluate repeat with each generation. */
export const optimizationSteps = [
  "observe",
  "calibrate",
  "hypothesize",
  "mutate",
  "experiment",
  "evaluate",
  "confirm",
  "promote",
] as const;
export type OptimizationStep = (typeof optimizationSteps)[number];

/** Tuning of one optimization: stored with its row, so that any run can be repeated. Never environment. */
export const optimizationConfig = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  /** Generations of offspring after the first population. */
  generations: z.int().min(1).max(100).default(6),
  /** μ: individuals that survive a generation. */
  populationSize: z.int().min(4).max(40).default(10),
  /** λ: children made in each generation. */
  offspringSize: z.int().min(1).max(40).default(10),
  /** Model that runs the agents; null keeps each agent type's default. */
  model: z.string().min(1).max(200).nullable().default(null),
  proposerModel: z.string().min(1).max(200).nullable().default(null),
  sanityModel: z.string().min(1).max(200).nullable().default(null),
  /** Where failures are learnt from: production runs, or calibration runs of the incumbent only. */
  evidence: z.enum(["journal", "calibration"]).default("calibration"),
  /**
   * Prompts that go straight to the proof against the incumbent, all beside one arm of it; nothing is searched then. Empty
   * for a search.
   */
  prove: z.array(z.uuid()).max(20).meta({ uniqueItems: true }).default([]),
  experiment: z
    .strictObject({
      targets: z.int().min(1).max(200).default(20),
      controls: z.int().min(0).max(100).default(5),
      /**
       * Share of the controls that a better prompt may lose. 0 where each benchmark matters by itself; above 0 where
       * benchmarks are rows drawn from a population, of which any better prompt loses some.
       */
      controlLossMax: z.number().min(0).max(0.5).default(0),
      /** Benchmarks that the incumbent is calibrated on, to find those that fail and those that pass. */
      calibrationBenchmarks: z.int().min(2).max(1_000).default(75),
      calibrationRepeats: z.int().min(1).max(10).default(3),
      /** More runs of benchmarks that passed in all of those, before they may be controls; one that fails is none. */
      controlAdmissionRepeats: z.int().min(0).max(20).default(5),
      searchRepeats: z.int().min(1).max(10).default(1),
      /** Blocks that children race in; those without a chance leave after a block. 1 measures every child whole. */
      raceBlocks: z.int().min(1).max(20).default(5),
      /**
       * Children of a generation that did best in their first repeats and better than the incumbent get more at once: a
       * discounted single run cannot show that it is better than a survivor of many.
       */
      promisingChildren: z.int().min(0).max(40).default(3),
      promisingRepeats: z.int().min(1).max(10).default(2),
      /** Share of a generation's trials that goes to one more repeat of the least tried members of the first front. */
      rollingShare: z.number().min(0).max(0.5).default(0.25),
      /** Repeats that a member of the first front may come to in that way. */
      reevaluationRepeatsMax: z.int().min(1).max(10).default(4),
      /** Before the proof, so many of the best run again, and the finalists are chosen by what they did then. */
      contenders: z.int().min(0).max(20).default(6),
      contenderRepeats: z.int().min(1).max(10).default(2),
      confirmRepeats: z.int().min(1).max(20).default(5),
      finalistsMax: z.int().min(1).max(3).default(3),
      holdout: z.int().min(0).max(200).default(10),
      holdoutRepeats: z.int().min(1).max(10).default(3),
    })
    .prefault({}),
  breeding: breedingConfig.prefault({}),
  budget: z
    .strictObject({
      /** Cap of this run in USD. */
      runCapUsd: z.number().positive().max(1_000_000).default(25),
      /** The most that one trial may cost in USD, and so what is reserved for it: a dearer one fails in mid-run. */
      trialCapUsd: z.number().positive().max(10_000).default(0.5),
      /** The search begins no generation after this time; what it has is still confirmed. */
      wallClockMaxMs: z
        .int()
        .positive()
        .default(6 * 3_600_000),
    })
    .prefault({}),
  concurrency: z.int().min(1).max(256).default(8),
});
export type OptimizationConfig = z.infer<typeof optimizationConfig>;

export const automationModes = ["by-model", "automatic", "suggest", "manual"] as const;
export const automationMode = z.enum(automationModes);
/**
 * automatic: observe may start optimizations itself; suggest: it proposes them; manual: only people start. by-model, the
 * default: automatic where every model is simulated, suggest where one is not and money is spent.
 */
export type AutomationMode = z.infer<typeof automationMode>;

/** What a mode means for an agent. */
export function automationFor(
  mode: AutomationMode,
  isSimulatedOnly: boolean,
): Exclude<AutomationMode, "by-model"> {
  if (mode !== "by-model") return mode;
  return isSimulatedOnly ? "automatic" : "suggest";
}

/** When an agent type needs work; both bounds are looked at over the last `windowRuns` runs. */
export const agentThresholds = z.strictObject({
  windowRuns: z.int().min(10).max(10_000).default(200),
  minimumRuns: z.int().min(1).max(1_000).default(30),
  successRateMin: z.number().min(0).max(1).default(0.5),
  meanCostUsdMax: z.number().positive().default(0.1),
});
export type AgentThresholds = z.infer<typeof agentThresholds>;

/** The bounds within which operators may move a prompt's parameters. */
export const parameterBounds = z.strictObject({
  temperature: z.tuple([z.number(), z.number()]).default([0, 1]),
  topP: z.tuple([z.number(), z.number()]).default([0.5, 1]),
  maxSteps: z.tuple([z.int(), z.int()]).default([4, 24]),
  models: z.array(z.string()).default([]),
});
export type ParameterBounds = z.infer<typeof parameterBounds>;
