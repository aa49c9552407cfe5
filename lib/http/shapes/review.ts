import { z } from "zod";
import { statedReason } from "#lib/domain/plain-text.ts";
import { promptOperator } from "#lib/domain/prompt.ts";
import { instant, pageOf } from "./common.ts";
import { experimentDetail, publicExperiment } from "./experiment.ts";
import { payBack } from "./pay-back.ts";
import { promptDiff, promptRef, publicPrompt } from "./prompt.ts";

export const reviewEntry = z.object({
  prompt: publicPrompt,
  waitingSince: instant,
  production: promptRef.extend({ unproven: z.boolean() }).nullable(),
  prodGeneration: z.int(),
  evidenceDigest: z.string(),
  /** Why it cannot be approved as it stands; null when it can. */
  blocked: z.string().nullable(),
  experiment: publicExperiment.nullable(),
});
export type ReviewEntryShape = z.infer<typeof reviewEntry>;

export const reviewQueue = pageOf(reviewEntry);

export const reviewPacket = reviewEntry.extend({
  experiment: experimentDetail.nullable(),
  /** When adopting it has paid for the search that found it; null without a confirmation in a run. */
  payBack: payBack.nullable(),
  /** From the prompt it was compared with to the candidate. */
  comparedWith: promptRef.nullable(),
  diff: promptDiff.nullable(),
  /** Finalists of the same run that were compared with an earlier production prompt and can be proven again. */
  openFinalists: z.array(promptRef),
  origin: z.object({
    operator: promptOperator.nullable(),
    generation: z.int().nullable(),
    optimizationId: z.uuid().nullable(),
  }),
  decisions: z.array(
    z.object({
      decision: z.enum(["approved", "rejected", "released"]).meta({
        description: "released: into production without proof.",
      }),
      reason: z.string(),
      reviewer: z.string(),
      at: instant,
      /** Was the four-eyes rule on, and did somebody else than the proposers decide? Null before the rule was kept. */
      fourEyes: z.object({ required: z.boolean(), held: z.boolean() }).nullable(),
    }),
  ),
});
export type ReviewPacket = z.infer<typeof reviewPacket>;

/** The body of an approval or a rejection: a decision names what it was taken on. */
export const decisionInput = z.strictObject({
  reason: statedReason,
  evidenceDigest: z.string().min(1).max(200),
  prodGeneration: z.int().min(0),
});
