/** What executors send to callbacks, kept for whichever process waits for it. */
import type { CallbackStore } from "#lib/executors/http-callback.ts";
import { AppError } from "../errors.ts";
import { callbackTokenHash, isCallbackToken } from "../executors/callback-token.ts";
import type { Database } from "./client.ts";
import { storableText } from "./json.ts";

export function createExecutorCallbacks(db: Database): CallbackStore {
  return {
    open: async ({ trialId, tokenHash, expiresAt }) => {
      const now = new Date();
      // What expired was never fetched: its run is gone. Each new callback sweeps a few away.
      await db.executorCallback.deleteMany({ where: { expiresAt: { lt: now } } });
      await db.executorCallback.upsert({
        where: { trialId },
        create: { trialId, tokenHash, expiresAt },
        update: { tokenHash, expiresAt },
      });
    },
    answer: async (trialId) => {
      const row = await db.executorCallback.findUnique({ where: { trialId } });
      return row?.answer ?? null;
    },
    close: async (trialId) => {
      await db.executorCallback.deleteMany({ where: { trialId } });
    },
  };
}

const nobody = callbackTokenHash("");

/**
 * Throws AppError("not-found") for a wrong token as for a trial that waits for nothing, AppError("conflict") when there is
 * an answer already.
 */
export async function requireOpenCallback(
  db: Database,
  { trialId, token }: { trialId: string; token: string },
): Promise<void> {
  const open = await db.executorCallback.findUnique({ where: { trialId } });
  // Compared in any case: how long it takes must not say which trials there are.
  const matches = isCallbackToken(token, open?.tokenHash ?? nobody);
  if (open === null || !matches || open.expiresAt <= new Date())
    throw new AppError("not-found", "No trial waits for an answer under this address and token.");
  if (open.answeredAt !== null) throw answeredAlready();
}

/** Keeps the answer of an open callback, once. Throws AppError("conflict") for a second one. */
export async function keepCallbackAnswer(
  db: Database,
  { trialId, answer }: { trialId: string; answer: string },
): Promise<void> {
  const now = new Date();
  const { count } = await db.executorCallback.updateMany({
    where: { trialId, answeredAt: null, expiresAt: { gt: now } },
    data: { answer: storableText(answer), answeredAt: now },
  });
  if (count === 0) throw answeredAlready();
}

function answeredAlready(): AppError {
  return new AppError("conflict", "This trial has its answer already, or waits no more.");
}
