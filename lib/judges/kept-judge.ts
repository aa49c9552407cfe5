/**
 * Asks judges outside of trials. A reply is kept under a key of everything it depends on, so that it is paid for once;
 * each call is reserved at its highest cost before it is made, and settled with what it cost.
 */
import { dayOf } from "../budget/amounts.ts";
import { release, settle } from "../budget/close.ts";
import { reserve } from "../budget/reserve.ts";
import type { Clock } from "../clock.ts";
import { contentHash } from "../content-hash.ts";
import type { Database } from "../db/client.ts";
import { getLlmReply, insertLlmCall } from "../db/llm-calls.ts";
import { inTransaction } from "../db/transaction.ts";
import { type AskModel, askInShape } from "../graders/judge.ts";
import {
  highestCostUsd,
  ModelUnavailable,
  type TextReply,
  type TextRequest,
} from "../llm/complete.ts";
import type { ResolvedModel } from "../llm/models.ts";

/** Money that refused a call: nothing is wrong with the judge, and what it said until then is kept. */
export class JudgingUnaffordable extends Error {}

const leaseMs = 15 * 60_000;
const role = "judge";

export interface KeptJudge {
  ask: AskModel;
  /** What was asked and what it cost, so far. */
  spent: () => { costUsd: number; calls: number; kept: number };
}

/** `limitUsd` is the most that its calls may cost together; those under way count at their highest cost. */
export function createKeptJudge(
  db: Database,
  { limitUsd, clock }: { limitUsd: number; clock: Clock },
): KeptJudge {
  const totals = { costUsd: 0, calls: 0, kept: 0 };
  let underWayUsd = 0;
  const underWay = new Map<string, Promise<TextReply>>();
  const askOnce = async (
    callKey: string,
    ...[model, request, { signal, hurry }]: Parameters<AskModel>
  ): Promise<TextReply> => {
    const known = await getLlmReply(db, callKey);
    if (known !== null) {
      totals.kept += 1;
      return freeReply(known.text);
    }
    const amountUsd = highestCostUsd(model, request);
    if (totals.costUsd + underWayUsd + amountUsd > limitUsd)
      throw new JudgingUnaffordable(
        `Another verdict could cost up to $${amountUsd.toPrecision(2)}, and of the limit of $${limitUsd} there is less left.`,
      );
    underWayUsd += amountUsd;
    try {
      const controls = { limitUsd: amountUsd, ...(signal && { signal }), ...(hurry && { hurry }) };
      const reply = await paid(db, { model, request, callKey, amountUsd, clock }, () =>
        askInShape(model, request, controls),
      );
      totals.calls += 1;
      totals.costUsd += reply.costUsd;
      return reply;
    } catch (error) {
      if (error instanceof ModelUnavailable) totals.costUsd += error.costUsd;
      throw error;
    } finally {
      underWayUsd -= amountUsd;
    }
  };
  const ask: AskModel = async (model, request, controls) => {
    const callKey = contentHash({ model: model.id, role, ...request });
    // Two slots may ask the same at once: one call answers both.
    const reply = underWay.get(callKey) ?? askOnce(callKey, model, request, controls);
    underWay.set(callKey, reply);
    try {
      return await reply;
    } finally {
      underWay.delete(callKey);
    }
  };
  return { ask, spent: () => ({ ...totals }) };
}

function freeReply(text: string): TextReply {
  return { text, inputTokens: 0, outputTokens: 0, costUsd: 0, latencyMs: 0 };
}

interface PaidCall {
  model: ResolvedModel;
  request: TextRequest;
  callKey: string;
  amountUsd: number;
  clock: Clock;
}

async function paid(
  db: Database,
  { model, callKey, amountUsd, clock }: PaidCall,
  call: () => Promise<TextReply>,
): Promise<TextReply> {
  const reservation = await reserve(db, {
    day: dayOf(clock.now()),
    optimizationId: null,
    workKey: callKey,
    role,
    amountUsd,
    billable: !model.local,
    leaseMs,
  });
  if (!reservation.ok)
    throw new JudgingUnaffordable("The day's budget has no room for another verdict.");
  const { reservationId } = reservation;
  try {
    const { text, ...figures } = await call();
    await inTransaction(db, async (tx) => {
      const identity = { callKey, optimizationId: null, role, model: model.id };
      await insertLlmCall(tx, { ...identity, text, simulated: model.simulated, ...figures });
      await settle(tx, { reservationId, actualUsd: figures.costUsd });
    });
    return { text, ...figures };
  } catch (error) {
    // Either changes nothing where it is settled already.
    if (error instanceof ModelUnavailable && error.costUsd > 0)
      await settle(db, { reservationId, actualUsd: error.costUsd });
    else await release(db, reservationId);
    throw error;
  }
}
