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

/** Fewer trials hold no search beside a proof. */
const callsMin = 40;

/**
 * What a stage's size may be set to. Each is optional: where it is absent, `planStages` derives it from the budget of
 * calls, the suite and whether repeats differ. The command line takes its bounds from here.
 */
export const stageSizes = z.strictObject({
  /** Benchmarks that today's prompt is measured on first: what fails there tells the proposer what to change. */
  learningRows: z.int().min(2).max(1_000).optional(),
  /** Runs of each of them. */
  learningRepeats: z.int().min(1).max(10).optional(),
  /** Failing benchmarks of the regression run that each finalist makes. */
  targets: z.int().min(0).max(200).optional(),
  /** Passing benchmarks of that run. */
  controls: z.int().min(0).max(100).optional(),
  /** Sealed benchmarks that the proof may take. */
  proofRows: z.int().min(1).max(5_000).optional(),
  /** Runs of each of them by each arm; 1 where repeats cannot differ. */
  proofRepeats: z.int().min(1).max(10).optional(),
  /** Prompts that may go to the proof, in the order of the search. */
  finalistsMax: z.int().min(1).max(3).optional(),
});
export type StageSizes = z.infer<typeof stageSizes>;

/** Tuning of one optimization: stored with its row, so that any run can be repeated. Never environment. */
export const optimizationConfig = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  /** Trials that the whole run may order, proof and guards included. Calls of proposer and judge are bounded by money. */
  calls: z.int().min(callsMin).max(100_000).default(2_400),
  /** Generations of offspring after the first population, at most; the budget of calls usually ends the search. */
  generations: z.int().min(1).max(100).optional(),
  /** μ: individuals that survive a generation. */
  populationSize: z.int().min(4).max(40).optional(),
  /** λ: children made in each generation. */
  offspringSize: z.int().min(1).max(40).optional(),
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
  experiment: stageSizes.prefault({}),
  breeding: breedingConfig.prefault({}),
  budget: z
    .strictObject({
      /** Cap of this run in USD. */
      runCapUsd: z.number().positive().max(1_000_000).default(25),
      /** The most that one trial may cost in USD, and so what is reserved for it: a more expensive one fails in mid-run. */
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

/** Sizes that runs of version 0.1 were stored with and that no stage has any more. */
const retiredSizes = [
  "controlLossMax",
  "calibrationBenchmarks",
  "calibrationRepeats",
  "controlAdmissionRepeats",
  "searchRepeats",
  "raceBlocks",
  "promisingChildren",
  "promisingRepeats",
  "rollingShare",
  "reevaluationRepeatsMax",
  "contenders",
  "contenderRepeats",
  "confirmRepeats",
  "holdout",
  "holdoutRepeats",
] as const;

const storedShape = z.looseObject({
  experiment: z.record(z.string(), z.unknown()).optional(),
});

/** The configuration of a stored run, of earlier versions too: sizes that no longer exist are left out. */
export function readStoredConfig(stored: unknown): OptimizationConfig {
  const { experiment = {}, ...rest } = storedShape.parse(stored);
  const kept = Object.entries(experiment).filter(
    ([name]) => !retiredSizes.some((retired) => retired === name),
  );
  return optimizationConfig.parse({ ...rest, experiment: Object.fromEntries(kept) });
}

/** Whether trials of equal requests can differ: `same` where a request is answered alike each time, as at temperature 0. */
export const repeatBehaviours = ["same", "vary"] as const;
export const repeatBehaviour = z.enum(repeatBehaviours);
export type RepeatBehaviour = z.infer<typeof repeatBehaviour>;

/** How far below today's success a cheaper prompt may lie and still count as equal, as a share of 1. */
export const nonInferiorityMargin = z.number().min(0.005).max(0.5).default(0.05);

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
