import type { Database, Executor } from "#lib/db/client.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { getTag, prodTag, type Tag } from "#lib/db/tags.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { AppError } from "../errors.ts";
import { transitionPrompt } from "./lifecycle.ts";
import { moveInTransaction } from "./tags.ts";

/** What the controller's fetch answers with: a tag's prompt and the generation it was tagged in. */
export interface TaggedPrompt {
  prompt: PromptRecord;
  tag: string;
  tagGeneration: number;
  contentHash: string;
  movedAt: Date;
}

/** The prompt a tag points at, or null when the agent type has no such tag. */
export async function productionPrompt(
  db: Executor,
  agentType: string,
  tag: string = prodTag,
): Promise<TaggedPrompt | null> {
  const held = await getTag(db, agentType, tag);
  if (held === null) return null;
  const prompt = await requirePrompt(db, held.promptId);
  const { generation: tagGeneration, movedAt } = held;
  return { prompt, tag, tagGeneration, contentHash: prompt.contentHash, movedAt };
}

/**
 * Puts the first prompt of an agent type into production: its whole lifecycle and the prod tag's first generation in one
 * transaction. Throws AppError("conflict") when the agent type has a production prompt; from then on people approve.
 */
export async function installProduction(
  db: Database,
  request: { promptId: string; actor: string; reason: string },
): Promise<Tag> {
  return inTransaction(db, (tx) => installInTransaction(tx, request));
}

/** As `installProduction`, in the caller's transaction. */
export async function installInTransaction(
  tx: Executor,
  request: { promptId: string; actor: string; reason: string },
): Promise<Tag> {
  const { promptId } = request;
  const { agentType } = await requirePrompt(tx, promptId);
  if ((await getTag(tx, agentType, prodTag)) !== null) {
    throw new AppError("conflict", `The agent type "${agentType}" has a production prompt.`);
  }
  await transitionPrompt(tx, { ...request, from: "draft", to: "experimental" });
  await transitionPrompt(tx, { ...request, from: "experimental", to: "candidate" });
  await transitionPrompt(tx, { ...request, from: "candidate", to: "production" });
  return moveInTransaction(tx, { ...request, agentType, tag: prodTag, expectedGeneration: 0 });
}
