import type { Database, Executor } from "#lib/db/client.ts";
import { enqueue } from "#lib/db/outbox.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { getTag, listTagMoves, prodTag, swapTag, type Tag } from "#lib/db/tags.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { announce } from "../announcements.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { tagName } from "../domain/tag.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { transitionPrompt } from "./lifecycle.ts";

/** Throws AppError("not-found") with details.reason `no-such-tag`. */
export async function requireTag(db: Executor, agentType: string, tag: string): Promise<Tag> {
  const held = await getTag(db, agentType, tag);
  if (held !== null) return held;
  throw new AppError("not-found", `The agent type "${agentType}" has no tag "${tag}".`, {
    details: { reason: "no-such-tag", agentType, tag },
  });
}

export interface TagMoveRequest {
  agentType: string;
  tag: string;
  promptId: string;
  /** The generation the caller saw; 0 when the tag did not exist. */
  expectedGeneration: number;
  actor: string;
  reason: string;
  evidenceDigest?: string | null;
  /** Into production without proof: marked in the ledger, and told to everybody who follows the tag. */
  unproven?: boolean;
}

/**
 * Moves a tag other than prod by compare-and-swap. Throws AppError("conflict") when the tag moved since,
 * AppError("invalid") for a bad name, a prompt of another agent type, or prod, which only an approval, a roll-back
 * or a release without proof moves.
 */
export async function moveTag(db: Database, request: TagMoveRequest): Promise<Tag> {
  parseInput(tagName, request.tag, "This tag is");
  if (request.tag === prodTag)
    throw new AppError(
      "invalid",
      "Only an approval, a roll-back or a release without proof moves the prod tag.",
    );
  return inTransaction(db, async (tx) => {
    const prompt = await requirePrompt(tx, request.promptId);
    if (prompt.agentType !== request.agentType) {
      throw new AppError("invalid", `The prompt belongs to the agent type "${prompt.agentType}".`);
    }
    return moveInTransaction(tx, request);
  });
}

/** The swap with its audit line and event; for callers that have checked what may move. */
export async function moveInTransaction(tx: Executor, request: TagMoveRequest): Promise<Tag> {
  const { agentType, tag, promptId, actor, reason } = request;
  const evidenceDigest = request.evidenceDigest ?? null;
  const asked = request.unproven ?? false;
  const moved = await swapTag(tx, { ...request, evidenceDigest, unproven: asked });
  if (moved === null) throw await tagMoved(tx, request);
  const { fromPromptId, generation, unproven } = moved;
  announce({ kind: "tag", agentType, tag, generation });
  const subject = `tag:${agentType}/${tag}`;
  const after = { promptId, generation, reason, ...(unproven ? { unproven } : {}) };
  await appendAudit(tx, { actor, action: "tag.move", subject, before: { fromPromptId }, after });
  await enqueue(tx, "tag.moved", {
    agentType,
    tag,
    promptId,
    fromPromptId,
    generation,
    unproven,
  });
  const held = await getTag(tx, agentType, tag);
  if (held === null) throw new AppError("internal", "A tag vanished while it was moved.");
  return held;
}

async function tagMoved(tx: Executor, request: TagMoveRequest): Promise<AppError> {
  const now = await getTag(tx, request.agentType, request.tag);
  return new AppError(
    "conflict",
    `The tag "${request.tag}" moved since you looked: look again before you decide.`,
    {
      details: {
        expectedGeneration: request.expectedGeneration,
        generation: now?.generation ?? 0,
        promptId: now?.promptId ?? null,
      },
    },
  );
}

export interface RollBack {
  agentType: string;
  /** prod when absent. */
  tag?: string;
  expectedGeneration: number;
  actor: string;
  reason: string;
  /** Where to go back to; the holder before the last move when absent. */
  toPromptId?: string;
}

/**
 * Brings an earlier holder back: the tag moves to it by compare-and-swap; where the tag is prod, the present holder is
 * archived; all in one transaction. Throws AppError("conflict") when the tag moved since or there is nothing to go back
 * to, AppError("invalid") for a prompt that never held it.
 */
export async function rollBackTag(db: Database, request: RollBack): Promise<Tag> {
  const { agentType, tag = prodTag, expectedGeneration, actor, reason } = request;
  return inTransaction(db, async (tx) => {
    const held = await getTag(tx, agentType, tag);
    const promptId = request.toPromptId ?? (await formerHolder(tx, agentType, tag));
    const target = await requirePrompt(tx, promptId);
    if (target.agentType !== agentType || !(await wasHolder(tx, { agentType, tag, promptId }))) {
      throw new AppError("invalid", `The prompt ${target.version} never held the tag "${tag}".`);
    }
    if (held?.promptId === promptId)
      throw new AppError("conflict", `The prompt ${target.version} holds "${tag}" already.`);
    const move = { agentType, tag, promptId, expectedGeneration, actor, reason };
    const moved = await moveInTransaction(tx, move);
    if (tag !== prodTag) return moved;
    if (held !== null) await archiveHolder(tx, held, { actor, reason });
    await transitionPrompt(tx, { promptId, from: "archived", to: "production", actor, reason });
    return moved;
  });
}

/** Archives the prompt that has just lost prod. */
export async function archiveHolder(
  tx: Executor,
  held: Tag,
  by: { actor: string; reason: string },
): Promise<void> {
  await transitionPrompt(tx, {
    promptId: held.promptId,
    from: "production",
    to: "archived",
    ...by,
  });
}

async function formerHolder(tx: Executor, agentType: string, tag: string): Promise<string> {
  const { items } = await listTagMoves(tx, { agentType, tag, limit: 1 });
  const former = items[0]?.fromPromptId ?? null;
  if (former === null)
    throw new AppError("conflict", `No earlier prompt held the tag "${tag}" to go back to.`);
  return former;
}

async function wasHolder(
  tx: Executor,
  { agentType, tag, promptId }: { agentType: string; tag: string; promptId: string },
): Promise<boolean> {
  return (await tx.tagMove.count({ where: { agentType, tag, toPromptId: promptId } })) > 0;
}
