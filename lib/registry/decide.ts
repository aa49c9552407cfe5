import { randomUUID } from "node:crypto";
import type { Database, Executor } from "#lib/db/client.ts";
import { enqueue } from "#lib/db/outbox.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import { getTag, prodTag, type Tag } from "#lib/db/tags.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { type FourEyes, fourEyes, requireFourEyes } from "./four-eyes.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { type ReviewEntry, requireReview } from "./reviews.ts";
import { archiveHolder, moveInTransaction } from "./tags.ts";

/** A person's decision, naming exactly what they saw when they took it. */
export interface Decision {
  promptId: string;
  reviewer: string;
  reason: string;
  evidenceDigest: string;
  /** Generation of the prod tag that the reviewer saw; 0 when there was none. */
  prodGeneration: number;
}

export interface Approval {
  prompt: PromptRecord;
  tag: Tag;
  /** The prompt that was in production before, now archived. */
  archivedPromptId: string | null;
}

/**
 * Approves a candidate: it goes into production, prod moves to it, the former production prompt is archived; review,
 * ledger, audit trail and outbox are written; all in one transaction. Of any number of approvals at once, one wins.
 * Throws AppError("conflict") when the prompt is no candidate any more, prod moved, the evidence is not what the
 * reviewer saw, or it was gathered against another production prompt; AppError("forbidden") when a proposer approves
 * under the four-eyes setting; AppError("invalid") without a reason.
 */
export async function approveCandidate(db: Database, decision: Decision): Promise<Approval> {
  requireReason(decision);
  const { promptId, reviewer: actor, reason, evidenceDigest, prodGeneration } = decision;
  return inTransaction(db, async (tx) => {
    const review = await requireReview(tx, promptId);
    const eyes = await fourEyes(tx, review, actor);
    requireFourEyes(eyes, "approve");
    checkDecision(review, decision);
    const { agentType } = review.prompt;
    const held = await getTag(tx, agentType, prodTag);
    // The swap comes first: its row lock lets one approval through and shows the others that prod moved.
    const tag = await moveInTransaction(tx, {
      agentType,
      tag: prodTag,
      promptId,
      expectedGeneration: prodGeneration,
      actor,
      reason,
      evidenceDigest,
    });
    if (held !== null) await archiveHolder(tx, held, { actor, reason });
    await transitionPrompt(tx, { promptId, from: "candidate", to: "production", actor, reason });
    await record(tx, review, decision, { verdict: "approved", eyes });
    const { prompt } = await requireReview(tx, promptId);
    return { prompt, tag, archivedPromptId: held?.promptId ?? null };
  });
}

/**
 * Rejects a candidate: archived, with the reason kept. Throws AppError("conflict") when it is no candidate any more,
 * AppError("invalid") without a reason.
 */
export async function rejectCandidate(db: Database, decision: Decision): Promise<PromptRecord> {
  requireReason(decision);
  const { promptId, reviewer: actor, reason } = decision;
  return inTransaction(db, async (tx) => {
    const review = await requireReview(tx, promptId);
    await transitionPrompt(tx, { promptId, from: "candidate", to: "archived", actor, reason });
    // Whoever proposed may withdraw: only an approval needs another pair of eyes.
    const eyes = await fourEyes(tx, review, actor);
    await record(tx, review, decision, { verdict: "rejected", eyes });
    return (await requireReview(tx, promptId)).prompt;
  });
}

function requireReason(decision: Decision): void {
  if (decision.reason.trim() === "")
    throw new AppError("invalid", "Say why: a decision needs a reason.");
}

function checkDecision(review: ReviewEntry, decision: Decision): void {
  const details = { prodGeneration: review.prodGeneration, evidenceDigest: review.evidenceDigest };
  if (review.prompt.status === "candidate" && review.prodGeneration !== decision.prodGeneration) {
    throw new AppError(
      "conflict",
      "The production prompt changed since you looked: look again before you decide.",
      { details },
    );
  }
  if (review.blocked !== null) throw new AppError("conflict", review.blocked, { details });
  if (review.evidenceDigest !== decision.evidenceDigest) {
    throw new AppError("conflict", "The evidence is not the one you looked at: look again.", {
      details,
    });
  }
}

async function record(
  tx: Executor,
  review: ReviewEntry,
  decision: Decision,
  { verdict, eyes }: { verdict: "approved" | "rejected"; eyes: FourEyes },
): Promise<void> {
  const { promptId, reviewer, reason, evidenceDigest, prodGeneration } = decision;
  const { agentType, version } = review.prompt;
  await tx.review.create({
    data: {
      id: randomUUID(),
      promptId,
      decision: verdict,
      reason,
      reviewer,
      evidenceDigest,
      prodGeneration,
      fourEyesRequired: eyes.required,
      fourEyesHeld: eyes.held,
    },
  });
  await appendAudit(tx, {
    actor: reviewer,
    action: verdict === "approved" ? "prompt.approve" : "prompt.reject",
    subject: `prompt:${promptId}`,
    before: { status: review.prompt.status },
    after: {
      agentType,
      version,
      status: verdict === "approved" ? "production" : "archived",
      reason,
      evidenceDigest,
      fourEyes: eyes,
    },
  });
  const topic = verdict === "approved" ? "prompt.approved" : "prompt.rejected";
  await enqueue(tx, topic, { agentType, promptId, version, reviewer, reason });
}
