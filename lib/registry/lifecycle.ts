import type { Executor } from "#lib/db/client.ts";
import { isRetryable, translateDatabaseError } from "#lib/db/errors.ts";
import { canTransition, isReleasable, nextStatuses } from "#lib/domain/lifecycle.ts";
import type { PromptStatus } from "#lib/domain/prompt.ts";
import { AppError } from "../errors.ts";

export interface Transition {
  promptId: string;
  /** The status the caller saw; the move is refused when it is no longer so. */
  from: PromptStatus;
  to: PromptStatus;
  actor: string;
  reason: string;
  /** A release without proof, the only way into production that leaves the review out. */
  unproven?: boolean;
}

/**
 * Moves a prompt along its lifecycle. Throws AppError("invalid") for a move that the lifecycle does not have and
 * AppError("conflict") when the prompt is not in `from`; the database refuses both by itself as well.
 */
export async function transitionPrompt(db: Executor, move: Transition): Promise<void> {
  const may = move.unproven
    ? isReleasable(move.from) && move.to === "production"
    : canTransition(move.from, move.to);
  if (!may) {
    const next = nextStatuses(move.from);
    throw new AppError("invalid", `A prompt cannot go from ${move.from} to ${move.to}.`, {
      details: { from: move.from, to: move.to, allowed: [...next] },
    });
  }
  await appendTransition(db, move);
}

/** The first line of a prompt's history, written in the transaction that creates it. */
export async function startLifecycle(
  db: Executor,
  promptId: string,
  by: { actor: string; reason: string },
): Promise<void> {
  await appendTransition(db, { promptId, from: null, to: "draft", ...by });
}

async function appendTransition(
  db: Executor,
  move: Omit<Transition, "from"> & { from: PromptStatus | null },
): Promise<void> {
  const { from: fromStatus, to: toStatus, promptId, actor, reason, unproven = false } = move;
  try {
    await db.promptTransition.create({
      data: { promptId, fromStatus, toStatus, actor, reason, unproven },
    });
  } catch (cause) {
    // The trigger's way to say that the prompt is not in `from`; nothing else loses a race here.
    if (!isRetryable(cause)) throw translateDatabaseError(cause);
    throw new AppError("conflict", `The prompt is no longer ${fromStatus ?? "new"}.`, {
      details: { promptId, expected: fromStatus },
      cause,
    });
  }
}
