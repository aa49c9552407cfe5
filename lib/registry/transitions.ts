import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { decodeCursor, type Page, type PageRequest, pageLimit, pageOf } from "#lib/db/cursor.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { parseStored } from "#lib/db/query.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { type PromptStatus, promptStatus } from "#lib/domain/prompt.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { AppError } from "../errors.ts";
import { transitionPrompt } from "./lifecycle.ts";

export interface PromptTransition {
  from: PromptStatus | null;
  to: PromptStatus;
  actor: string;
  reason: string;
  at: Date;
  /** A release without proof. */
  unproven: boolean;
}

const transitionKey = z.strictObject({ id: z.string().regex(/^\d{1,19}$/) });

/** The ledger of one prompt's lifecycle, newest first. Throws AppError("not-found"). */
export async function listTransitions(
  db: Executor,
  query: { promptId: string } & PageRequest,
): Promise<Page<PromptTransition>> {
  await requirePrompt(db, query.promptId);
  const limit = pageLimit(query);
  const after = decodeCursor(transitionKey, query.cursor);
  const rows = await db.promptTransition.findMany({
    where: {
      promptId: query.promptId,
      ...(after === null ? {} : { id: { lt: BigInt(after.id) } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const status = (value: string) => parseStored(promptStatus, value, "a transition's status");
  return pageOf(rows, limit, {
    item: ({ fromStatus, toStatus, actor, reason, at, unproven }) => ({
      from: fromStatus === null ? null : status(fromStatus),
      to: status(toStatus),
      actor,
      reason,
      at,
      unproven,
    }),
    key: ({ id }) => ({ id: id.toString() }),
  });
}

const decidedElsewhere: Readonly<Partial<Record<PromptStatus, string>>> = {
  candidate: "A candidate waits for its review: approve or reject it.",
  production:
    "What is in production leaves it when another prompt is approved, released or brought back.",
};

/**
 * Moves a prompt along its lifecycle for a person or a program. Throws AppError("precondition-failed") when it is not
 * in `from` any more, AppError("invalid") for a move that the lifecycle does not have, AppError("conflict") for a
 * candidate and for the prompt in production, which only decisions move on.
 */
export async function changeStatus(
  db: Database,
  change: { promptId: string; from: string; to: PromptStatus; actor: string; reason: string },
): Promise<PromptRecord> {
  const { promptId, from, to, actor, reason } = change;
  return inTransaction(db, async (tx) => {
    const { status } = await requirePrompt(tx, promptId);
    if (status !== from) {
      throw new AppError("precondition-failed", `The prompt is ${status}, not ${from}.`, {
        details: { status },
      });
    }
    const decided = decidedElsewhere[status];
    if (decided !== undefined) throw new AppError("conflict", decided, { details: { status } });
    await transitionPrompt(tx, { promptId, from: status, to, actor, reason });
    await appendAudit(tx, {
      actor,
      action: "prompt.transition",
      subject: `prompt:${promptId}`,
      before: { status },
      after: { status: to, reason },
    });
    return requirePrompt(tx, promptId);
  });
}
