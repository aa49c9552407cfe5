/**
 * Completions by the proposer's models, kept under a key of everything they depend on: a replay or a resumed run reads
 * the reply and spends nothing. Each call is reserved before and settled with its actual usage.
 */
import { dayOf } from "#lib/budget/amounts.ts";
import { release, settle } from "#lib/budget/close.ts";
import { reserve } from "#lib/budget/reserve.ts";
import type { Clock } from "#lib/clock.ts";
import { contentHash } from "#lib/content-hash.ts";
import type { Database } from "#lib/db/client.ts";
import { getLlmReply, insertLlmCall, type KeptReply } from "#lib/db/llm-calls.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { ModelUnavailable } from "#lib/llm/complete.ts";
import { type Completer, type CompletionRequest, SpendingRefused } from "../ports.ts";

/** One model as the completer needs it. */
export interface CompletionModel {
  id: string;
  simulated: boolean;
  billable: boolean;
  /** Upper bound of one call in USD. */
  estimateUsd(request: CompletionRequest): number;
  complete(request: CompletionRequest): Promise<{
    text: string;
    inputTokens: number;
    outputTokens: number;
    costUsd: number;
    latencyMs: number;
  }>;
}

export interface KeptCompleterOptions {
  optimizationId: string;
  modelFor(role: CompletionRequest["role"]): CompletionModel;
  leaseMs: number;
  clock: Clock;
}

export function createKeptCompleter(db: Database, options: KeptCompleterOptions): Completer {
  const underWay = new Map<string, Promise<KeptReply>>();
  return {
    complete: async (request) => {
      const model = options.modelFor(request.role);
      const callKey = contentHash({ model: model.id, ...request });
      // Two slots may ask the same question at once: one call answers both.
      const pending = underWay.get(callKey) ?? ask(db, options, model, request, callKey);
      underWay.set(callKey, pending);
      try {
        return await pending;
      } finally {
        underWay.delete(callKey);
      }
    },
  };
}

/** A call that may have been billed without an answer is paid, and another one is another reservation. */
const paidAttempts = 2;

async function ask(
  db: Database,
  options: KeptCompleterOptions,
  model: CompletionModel,
  request: CompletionRequest,
  callKey: string,
): Promise<KeptReply> {
  const kept = await getLlmReply(db, callKey);
  if (kept !== null) return kept;
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(db, options, { model, request, callKey });
    if (answer.ok) return answer.reply;
    if (!answer.isPassing || attempt >= paidAttempts) throw answer.error;
  }
}

type Answer =
  | { ok: true; reply: KeptReply }
  /** `isPassing`: it was paid for and may pass when asked again. */
  | { ok: false; error: unknown; isPassing: boolean };

async function askOnce(
  db: Database,
  { optimizationId, leaseMs, clock }: KeptCompleterOptions,
  {
    model,
    request,
    callKey,
  }: { model: CompletionModel; request: CompletionRequest; callKey: string },
): Promise<Answer> {
  const reservation = await reserve(db, {
    day: dayOf(clock.now()),
    optimizationId,
    workKey: callKey,
    role: request.role,
    amountUsd: model.estimateUsd(request),
    billable: model.billable,
    leaseMs,
  });
  if (!reservation.ok) throw new SpendingRefused(reservation.reason);
  const { reservationId } = reservation;
  try {
    const reply = await model.complete(request);
    await inTransaction(db, async (tx) => {
      await insertLlmCall(tx, {
        callKey,
        optimizationId,
        role: request.role,
        model: model.id,
        simulated: model.simulated,
        ...reply,
      });
      await settle(tx, { reservationId, actualUsd: reply.costUsd });
    });
    return { ok: true, reply: { text: reply.text, costUsd: reply.costUsd } };
  } catch (error) {
    const lost = error instanceof ModelUnavailable ? error : null;
    // Either changes nothing where it is settled already.
    if (lost !== null && lost.costUsd > 0)
      await settle(db, { reservationId, actualUsd: lost.costUsd });
    else await release(db, reservationId);
    const isPassing = lost !== null && lost.costUsd > 0 && lost.fault?.kind === "passing";
    return { ok: false, error, isPassing };
  }
}
