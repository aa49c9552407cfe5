import { randomUUID } from "node:crypto";
import type { Database, Executor } from "#lib/db/client.ts";
import { enqueue } from "#lib/db/outbox.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { getTag, prodTag } from "#lib/db/tags.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { isReleasable } from "#lib/domain/lifecycle.ts";
import { releaseReason } from "#lib/domain/plain-text.ts";
import { getSettings } from "#lib/settings/settings.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import type { Approval } from "./decide.ts";
import { type FourEyes, fourEyes, requireFourEyes } from "./four-eyes.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { type ReviewEntry, requireReview } from "./reviews.ts";
import { archiveHolder, moveInTransaction } from "./tags.ts";

/** A release without proof, naming the state of prod that it was decided on. */
export interface Release {
  promptId: string;
  /** The administrator who takes it upon themselves. */
  actor: string;
  /** A few words at least: it is all that stands behind this version. */
  reason: string;
  /** Generation of the prod tag that the administrator saw; 0 when there was none. */
  prodGeneration: number;
}

/** Where release without proof is switched off, in words. */
export const releaseIsOff =
  "Release without proof is switched off. An administrator can switch it on in the settings.";

/**
 * Puts a prompt into production that no proof stands behind: prod moves to it with the mark "unproven", the former
 * production prompt is archived; decision, both ledgers, audit trail and outbox are written; all in one transaction. The
 * mark stays until another prompt holds prod, and comes back with a roll-back. Throws AppError("forbidden") while the
 * setting is off, and for a proposer under the four-eyes setting; AppError("conflict") for a prompt that is in production,
 * archived or a candidate that can be approved, and when prod moved since; AppError("invalid") without a reason.
 */
export async function releaseWithoutProof(db: Database, release: Release): Promise<Approval> {
  const reason = parseInput(releaseReason, release.reason, "The reason is");
  const { promptId, actor, prodGeneration: expectedGeneration } = release;
  return inTransaction(db, async (tx) => {
    const review = await requireReview(tx, promptId);
    const { releaseWithoutProof: isOn } = await getSettings(tx);
    if (!isOn)
      throw new AppError("forbidden", releaseIsOff, { details: { reason: "switched-off" } });
    const eyes = await fourEyes(tx, review, actor);
    requireFourEyes(eyes, "release");
    requireReleasable(review);
    const { agentType, status } = review.prompt;
    const held = await getTag(tx, agentType, prodTag);
    // The swap comes first, as for an approval: its row lock lets one through.
    const move = { agentType, tag: prodTag, promptId, expectedGeneration, actor, reason };
    const tag = await moveInTransaction(tx, { ...move, unproven: true });
    if (held !== null) await archiveHolder(tx, held, { actor, reason });
    const step = { promptId, from: status, to: "production", actor, reason } as const;
    await transitionPrompt(tx, { ...step, unproven: true });
    const archivedPromptId = held?.promptId ?? null;
    await record(tx, { ...release, reason }, { review, eyes, archivedPromptId });
    return { prompt: await requirePrompt(tx, promptId), tag, archivedPromptId };
  });
}

function requireReleasable({ prompt: { status, version }, blocked }: ReviewEntry): void {
  const details = { status };
  if (status === "candidate" && blocked === null)
    throw new AppError("conflict", `${version} is proven and waits for its review: approve it.`, {
      details,
    });
  if (isReleasable(status)) return;
  throw new AppError(
    "conflict",
    status === "production"
      ? `${version} is in production already.`
      : `${version} is archived: only a roll-back brings an archived prompt back.`,
    { details },
  );
}

async function record(
  tx: Executor,
  { promptId, actor, reason, prodGeneration }: Release,
  made: { review: ReviewEntry; eyes: FourEyes; archivedPromptId: string | null },
): Promise<void> {
  const { review, eyes, archivedPromptId } = made;
  const { agentType, version, status } = review.prompt;
  await tx.review.create({
    data: {
      id: randomUUID(),
      promptId,
      decision: "released",
      reason,
      reviewer: actor,
      evidenceDigest: review.evidenceDigest,
      prodGeneration,
      fourEyesRequired: eyes.required,
      fourEyesHeld: eyes.held,
    },
  });
  const after = {
    agentType,
    version,
    status: "production",
    unproven: true,
    reason,
    fourEyes: eyes,
  };
  await appendAudit(tx, {
    actor,
    action: "prompt.release",
    subject: `prompt:${promptId}`,
    before: { status, production: archivedPromptId },
    after,
  });
  const told = { agentType, promptId, version, reviewer: actor, reason, unproven: true };
  await enqueue(tx, "prompt.released", told);
}
