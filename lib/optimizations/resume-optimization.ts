import { z } from "zod";
import { appendAudit } from "../audit/append-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Database, Executor } from "../db/client.ts";
import { reopenExperiments } from "../db/experiments.ts";
import {
  listOptimizations,
  type Optimization,
  requeueOptimization,
  requireOptimization,
} from "../db/optimizations.ts";
import { execute, sql } from "../db/query.ts";
import { getTag, prodTag } from "../db/tags.ts";
import { inTransaction } from "../db/transaction.ts";
import { AppError } from "../errors.ts";

const ended = z.looseObject({ stopped: z.string().nullable() });

/**
 * Takes up again a run that was stopped, that failed, or that the day's cap ended. It goes on at the step it was in;
 * what it measured and what it asked a model is read, not paid again. Throws AppError("not-found"), and
 * AppError("conflict") for a run that is under way or came to its own end, while another one of the agent type is under
 * way, and when production has moved since: it would prove its finalists against a prompt that is no longer in use.
 */
export async function resumeOptimization(
  db: Database,
  id: string,
  { actor, clock = systemClock }: { actor: string; clock?: Clock },
): Promise<Optimization> {
  return inTransaction(db, async (tx) => {
    await execute(tx, sql`SELECT 1 FROM optimizations WHERE id = ${id}::uuid FOR UPDATE`);
    const run = await requireOptimization(tx, id);
    requireEarlyEnd(run);
    await requireFree(tx, run);
    await requeueOptimization(tx, id, clock.now());
    await reopenExperiments(tx, id);
    const after = await requireOptimization(tx, id);
    await appendAudit(tx, {
      actor,
      action: "optimization.resume",
      subject: `optimization:${id}`,
      before: { state: run.state, outcome: run.outcome },
      after: { state: after.state },
    });
    return after;
  });
}

function requireEarlyEnd({ state, result, config }: Optimization): void {
  const reason = ended.safeParse(result).data?.stopped ?? null;
  if (state === "stopped" || state === "failed" || reason === "day-cap") return;
  if (state !== "finished")
    throw new AppError("conflict", `The optimization is ${state}: there is nothing to take up.`);
  throw new AppError(
    "conflict",
    reason === "run-cap"
      ? `The optimization has spent its cap of $${config.budget.runCapUsd}. Start one with a higher cap: what was measured is not paid again.`
      : "The optimization came to its own end. Start a new one.",
  );
}

async function requireFree(tx: Executor, run: Optimization): Promise<void> {
  const { agentType } = run;
  const active = await listOptimizations(tx, {
    agentType,
    states: ["queued", "running", "stopping"],
    limit: 1,
  });
  const [other] = active.items;
  if (other !== undefined) {
    throw new AppError("conflict", `An optimization of the ${agentType} is under way already.`, {
      details: { optimizationId: other.id },
    });
  }
  const prod = await getTag(tx, agentType, prodTag);
  if (prod === null || prod.promptId === run.incumbentId || prod.movedAt < run.createdAt) return;
  throw new AppError(
    "conflict",
    "Production has moved since this optimization began. Start a new one from today's prompt.",
  );
}
