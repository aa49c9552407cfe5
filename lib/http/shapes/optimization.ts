import { z } from "zod";
import { coachFaults, criticSights, engineerResponses } from "#lib/domain/insight.ts";
import { optimizationConfig, optimizationStates } from "#lib/domain/optimization.ts";
import { agentTypeName, promptOperator, promptStatus } from "#lib/domain/prompt.ts";
import { estimate, instant, pageOf } from "./common.ts";
import { publicExperiment } from "./experiment.ts";
import { promptRef } from "./prompt.ts";

const objectives = z.object({
  successRate: z.number(),
  costUsd: z.number(),
  latencyMs: z.number(),
});

/** One prompt of a population with its measured objectives; rank 0 is the front. */
export const individual = z
  .object({
    promptId: z.uuid(),
    version: z.string(),
    status: promptStatus,
    tags: z.array(z.string()),
    operator: promptOperator.nullable(),
    /** First line of what was changed, in words. */
    message: z.string(),
    objectives,
    /**
     * As the search ranks it: discounted towards what its parents do while trials are few. Of a prompt among `dropped` it is
     * mostly what its parents do, and compares with nothing.
     */
    success: estimate,
    /** Trials that passed, of success.n. */
    passed: z.int(),
    constraintViolation: z.number(),
    rank: z.int(),
    /** Null is infinite: an end of its front. */
    crowdingDistance: z.number().nullable(),
    survived: z.boolean(),
    isIncumbent: z.boolean(),
  })
  .meta({ id: "Individual" });
export type IndividualShape = z.infer<typeof individual>;

export const optimizationSummary = z
  .object({
    id: z.uuid(),
    agentType: z.string(),
    state: z.enum(optimizationStates),
    trigger: z.string(),
    createdBy: z.string(),
    incumbent: promptRef,
    /** Prompts that go to the proof without a search; empty for a search. */
    proves: z.array(promptRef),
    step: z.string().nullable(),
    generation: z.int(),
    /** The most that its configuration allows; null where the budget of calls alone ends it. */
    generations: z.int().nullable(),
    trialsDone: z.int(),
    /** Planned so far; grows as generations begin. */
    trialsPlanned: z.int(),
    /** The most that the whole run may take, from its configuration. */
    trialsMax: z.int(),
    spentUsd: z.number(),
    reservedUsd: z.number(),
    capUsd: z.number(),
    /** Range of the time left; null when it cannot be told. */
    remainingMs: z.object({ low: z.number(), high: z.number() }).nullable(),
    stopRequested: z.boolean(),
    /** What it waits for outside the product; null when it does not wait. */
    waiting: z.object({ reason: z.string(), since: instant }).nullable(),
    outcome: z.string().nullable(),
    failure: z.string().nullable(),
    simulated: z.boolean(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: "OptimizationSummary" });
export type OptimizationSummary = z.infer<typeof optimizationSummary>;
export const optimizationPage = pageOf(optimizationSummary);

export const insight = z
  .object({
    id: z.uuid(),
    agentType: z.string(),
    signature: z.string(),
    statement: z.string(),
    count: z.int(),
    share: z.number(),
    failedRuns: z.int(),
    evidence: z.array(z.object({ runId: z.string(), stepIndex: z.int(), quote: z.string() })),
  })
  .meta({ id: "Insight" });
export type InsightShape = z.infer<typeof insight>;

/** What the coach found in the failed runs, and whose prompt it would tune. */
export const coachVerdict = z
  .object({
    tune: z.string(),
    section: z.enum(["receptiveness"]).nullable(),
    tallies: z.record(z.enum(coachFaults), z.int()),
    /** Of the failed runs that can be told. */
    shares: z.object({
      "critic-missed-error": estimate,
      "engineer-ignored-critic": estimate,
    }),
    reason: z.string(),
    /** Up to three judged runs with literal quotes of their steps. */
    examples: z.array(
      z.object({
        runId: z.string(),
        fault: z.enum(coachFaults),
        statement: z.string(),
        evidence: z.array(z.object({ stepIndex: z.int(), quote: z.string() })),
      }),
    ),
    /** The judgement of each failed run, with the steps of its trace that it stands on. */
    runs: z.array(
      z.object({
        runId: z.string(),
        fault: z.enum(coachFaults),
        saw: z.enum(criticSights),
        response: z.enum(engineerResponses),
        verdictStep: z.int().nullable(),
        submissionStep: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: "CoachVerdict" });
export type CoachShape = z.infer<typeof coachVerdict>;

export const generation = z.object({
  number: z.int(),
  hypervolume: z.number(),
  individuals: z.array(individual),
});
export type GenerationShape = z.infer<typeof generation>;

export const droppedChild = z
  .object({
    generation: z.int(),
    promptId: z.uuid(),
    rule: z
      .string()
      .meta({ description: "The rule that dropped it, such as beaten or without-effect." }),
    reason: z.string(),
  })
  .meta({
    description: "A prompt that was measured and set aside before its generation was ranked.",
  });

export const refusedChild = z.object({
  generation: z.int(),
  operator: promptOperator,
  guard: z.string(),
  reason: z.string(),
});

/** Where the money of a run went, in USD. */
export const spending = z
  .object({
    roles: z.array(
      z.object({
        role: z.string(),
        /** Trials for the role `task`, model calls for the others. */
        calls: z.int(),
        spentUsd: z.number(),
        /** Set aside for calls under way. */
        reservedUsd: z.number(),
      }),
    ),
    totalUsd: z.number(),
    /** The part of `task` that went into the proof of the finalists. */
    confirmationUsd: z.number(),
    /** What the search leaves for that proof; null before the first trial and after the end. */
    keptForConfirmationUsd: z.number().nullable(),
    /** Trials that were found stored and not paid again. */
    foundTrials: z.int(),
  })
  .meta({ id: "Spending" });
export type SpendingShape = z.infer<typeof spending>;

export const optimizationDetail = optimizationSummary.extend({
  seed: z.int(),
  config: optimizationConfig,
  spending,
  insights: z.array(insight),
  coach: coachVerdict.nullable(),
  generationsDone: z.array(generation),
  refused: z.array(refusedChild),
  dropped: z.array(droppedChild),
  /** The confirmations of the finalists. */
  finalists: z.array(publicExperiment),
  /** What happened, oldest first, in words. */
  log: z.array(z.object({ at: instant, generation: z.int(), step: z.string(), text: z.string() })),
});
export type OptimizationDetail = z.infer<typeof optimizationDetail>;

/** The body of POST /api/v1/optimizations. */
export const optimizationRequest = z.strictObject({
  agentType: agentTypeName,
  config: optimizationConfig.prefault({}),
});

/** The population that the newest optimization of an agent ended with, or is at. */
export const agentFront = z.object({
  optimization: z
    .object({
      id: z.uuid(),
      state: z.enum(optimizationStates),
      generation: z.int(),
      simulated: z.boolean(),
    })
    .nullable(),
  individuals: z.array(individual),
  prod: promptRef.nullable(),
});
export type AgentFront = z.infer<typeof agentFront>;
