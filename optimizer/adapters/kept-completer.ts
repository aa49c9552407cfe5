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

async function ask(
  db: Database,
  { optimizationId, leaseMs, clock }: KeptCompleterOptions,
  model: CompletionModel,
  request: CompletionRequest,
  callKey: string,
): Promise<KeptReply> {
  const kept = await getLlmReply(db, callKey);
  if (kept !== null) return kept;
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
    return { text: reply.text, costUsd: reply.costUsd };
  } catch (error) {
    // A call that failed before an answer billed nothing that we know of, unless it is settled already.
    await release(db, reservationId);
    throw error;
  }
}
