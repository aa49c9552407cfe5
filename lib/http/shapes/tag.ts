import { z } from "zod";
import { statedReason } from "#lib/domain/plain-text.ts";
import { instant, pageOf } from "./common.ts";

/** A tag and its holder; `generation` is also its ETag. */
export const tagShape = z
  .object({
    agentType: z.string(),
    tag: z.string(),
    promptId: z.uuid(),
    generation: z.int(),
    movedAt: instant,
  })
  .meta({ id: "Tag" });

export const tagMoveShape = z
  .object({
    agentType: z.string(),
    tag: z.string(),
    fromPromptId: z.uuid().nullable(),
    toPromptId: z.uuid(),
    generation: z.int(),
    actor: z.string(),
    reason: z.string(),
    evidenceDigest: z.string().nullable(),
    at: instant,
    unproven: z.boolean().meta({
      description: "The new holder came into production by a release without proof.",
    }),
  })
  .meta({ id: "TagMove" });

export const tagPage = pageOf(tagShape);
export const tagMovePage = pageOf(tagMoveShape);

/** The body of a move: the prompt that is to hold the tag. */
export const tagMoveInput = z.strictObject({ promptId: z.uuid(), reason: statedReason });

/** The body of a roll-back; without a prompt the holder before the last move comes back. */
export const rollBackInput = z.strictObject({
  promptId: z.uuid().optional(),
  reason: statedReason,
});
