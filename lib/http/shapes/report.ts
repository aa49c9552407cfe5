import { z } from "zod";
import { optimizationConfig, optimizationStates } from "#lib/domain/optimization.ts";
import { promptOperator, promptStatus } from "#lib/domain/prompt.ts";
import { estimate, instant } from "./common.ts";
import { verdict } from "./experiment.ts";
import { coachVerdict, individual, insight, refusedChild, spending } from "./optimization.ts";
import { payBack } from "./pay-back.ts";
import { promptDiff, promptRef } from "./prompt.ts";

const namedPrompt = promptRef.extend({ contentHash: z.string() });

const lineageStep = z.object({
  prompt: namedPrompt,
  /** Null for the prompt that the run began with. */
  operator: promptOperator.nullable(),
  generation: z.int().nullable(),
  message: z.string(),
  /** From the step before. */
  diff: promptDiff.nullable(),
  /** Parents beside the step before, as a crossover has. */
  otherParents: z.array(promptRef),
});

const triedChild = z.object({
  prompt: promptRef,
  operator: promptOperator.nullable(),
  generation: z.int(),
  fate: z.enum(["regressed-control", "left-the-race", "not-selected"]),
  reason: z.string(),
});

/** One page about a run that can be forwarded. Money in USD, rates in 0..1, 95 % intervals. */
export const runReport = z
  .object({
    format: z.literal("genepool-run-report/1"),
    optimization: z.object({
      id: z.uuid(),
      agentType: z.string(),
      state: z.enum(optimizationStates),
      /** False while the run is under way: the report holds what there is so far. */
      finished: z.boolean(),
      /** Whether a simulated model answered in some agent. */
      simulated: z.boolean(),
      /** Whether a simulated model wrote the proposals, also where the agents' model is real. */
      proposerSimulated: z.boolean(),
      trigger: z.string(),
      createdBy: z.string(),
      createdAt: instant,
      startedAt: instant.nullable(),
      finishedAt: instant.nullable(),
      outcome: z.string().nullable(),
      failure: z.string().nullable(),
      generations: z.int(),
      /** Different trials that count, and the most that the run might order. */
      trials: z.int(),
      calls: z.int(),
      /** Prompts that went to the proof without a search; empty for a search. */
      proves: z.array(promptRef),
    }),
    incumbent: namedPrompt,
    /** The best of the proven finalists; null when none was. */
    winner: namedPrompt
      .extend({
        status: promptStatus,
        verdict,
        searched: estimate.nullable(),
        payBack: payBack.nullable(),
      })
      .nullable(),
    /** The first front of the first population and of the last, with today's prompt and the winner in any case. */
    front: z.object({ before: z.array(individual), after: z.array(individual) }),
    /**
     * The incumbent, searched twice: the best success that as many prompts, all as good as today's, would have shown. Made by
     * resampling trials at hand; null before a search.
     */
    searchedTwice: z
      .object({
        mean: z.number(),
        /** The middle 95 %. */
        low: z.number(),
        high: z.number(),
        /** Prompts that competed for the first place. */
        prompts: z.int(),
        /** Learning rows that were resampled, and today's trials on them. */
        rows: z.int(),
        trials: z.int(),
      })
      .nullable(),
    /** From the incumbent to the winner, operator by operator. */
    lineage: z.array(lineageStep),
    tried: z.object({
      generations: z.array(
        z.object({
          number: z.int(),
          hypervolume: z.number(),
          prompts: z.int(),
          bestSuccess: z.number(),
        }),
      ),
      operators: z.array(
        z.object({
          operator: promptOperator,
          made: z.int(),
          survived: z.int(),
          leftTheRace: z.int(),
          refused: z.int(),
        }),
      ),
      /** Refused by a guard before money was spent on it. */
      refused: z.array(refusedChild),
      fellOut: z.array(triedChild),
    }),
    finalists: z.array(
      z.object({
        prompt: namedPrompt,
        status: promptStatus,
        experimentId: z.uuid(),
        verdict: verdict.nullable(),
        /** What its search thought of it; the best of many is partly luck. */
        searched: estimate.nullable(),
        payBack: payBack.nullable(),
      }),
    ),
    cautions: z.array(z.string()),
    spending,
    insights: z.array(insight),
    coach: coachVerdict.nullable(),
    repeat: z.object({
      command: z.string(),
      /** Settings of the run that the command has no option for, by their path in the configuration. */
      settingsBeside: z.array(z.string()),
      seed: z.int(),
      config: optimizationConfig,
      configHash: z.string(),
      models: z.object({
        agent: z.string(),
        proposer: z.string(),
        sanity: z.string(),
        companions: z.record(z.string(), z.string()),
      }),
      companions: z.array(namedPrompt.extend({ agentType: z.string() })),
      /** As it is when the report is made. */
      suite: z.object({ name: z.string(), benchmarks: z.int(), hash: z.string() }),
    }),
  })
  .meta({ id: "RunReport" });
export type RunReport = z.infer<typeof runReport>;
