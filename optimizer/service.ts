/**
 * The optimizer process: claims optimizations by lease and carries them out, observes the agents and starts or
 * suggests work, and gives back reservations whose owner died. What is to be done stands in rows, and each is looked for
 * again and again: no start can be lost with a message or with the process that was to make it.
 */
import { randomUUID } from "node:crypto";
import { expireLapsed } from "#lib/budget/close.ts";
import { claimCertification } from "#lib/db/judge-certifications.ts";
import { claimOptimization } from "#lib/db/optimizations.ts";
import type { AutomationMode } from "#lib/domain/optimization.ts";
import { AppError } from "#lib/errors.ts";
import { carryOutCertification, certificationLeaseMs } from "#lib/judges/certification-work.ts";
import { rememberingResolver } from "#lib/llm/models.ts";
import type { Logger } from "#lib/log.ts";
import { pause } from "#lib/pause.ts";
import { deliverLoopOrders } from "#lib/temporal/deliver-loop-orders.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { deliverWebhooks } from "#lib/webhooks/deliver.ts";
import { holdLease, leaseMs } from "./hold-lease.ts";
import { observeOnce } from "./observer.ts";
import { carryOut, type StoredRunContext } from "./stored-run.ts";

export interface ServiceOptions {
  run: Omit<StoredRunContext, "signal">;
  log: Logger;
  automation: () => Promise<AutomationMode>;
  signal: AbortSignal;
  /** Model for optimizations that the observer starts; null keeps each agent's own. */
  model: string | null;
  /** May webhooks reach private addresses? */
  allowPrivateWebhooks: boolean;
}

const pollMs = 1_500;
const observeMs = 15_000;
const sweepMs = 30_000;
const webhooksMs = 1_000;

/** Runs until the signal aborts; then gives its run back and returns. */
export async function runService(options: ServiceOptions): Promise<void> {
  const owner = `optimizer-${process.pid}-${randomUUID().slice(0, 8)}`;
  const loops = [
    every(pollMs, options, () => workOnce(owner, options)),
    every(pollMs, options, () => certifyOnce(owner, options)),
    every(observeMs, options, async () => {
      await observeOnce(options);
    }),
    every(sweepMs, options, async () => {
      const count = await expireLapsed(options.run.db, options.run.clock.now());
      if (count > 0) options.log.warn({ count }, "reservations of dead processes expired");
    }),
    every(webhooksMs, options, () => {
      const { run, log, signal, allowPrivateWebhooks: allowPrivate } = options;
      return deliverWebhooks({ db: run.db, clock: run.clock, log, signal, allowPrivate });
    }),
  ];
  const { db, temporal } = options.run;
  if (temporal)
    loops.push(
      every(pollMs, options, async () => {
        const queue = `${temporal.queuePrefix}${workflowQueue}`;
        await deliverLoopOrders(db, temporal.client, queue);
      }),
    );
  await Promise.all(loops);
}

/** Repeats a job until the signal aborts; a failing round is logged and the next one tries again. */
async function every(
  pauseMs: number,
  { signal, log }: ServiceOptions,
  job: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await job();
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, "a round of the optimizer failed");
    }
    await pause(pauseMs, signal);
  }
}

/** Carries out a comparison of a suite's judges with people that somebody asked for. */
async function certifyOnce(owner: string, { run, log, signal }: ServiceOptions): Promise<void> {
  const certification = await claimCertification(run.db, { owner, leaseMs: certificationLeaseMs });
  if (certification === null) return;
  const { id, suite } = certification;
  log.info({ certification: id, suite }, "certification taken up");
  const modelOf = rememberingResolver(run.models);
  try {
    const work = { certification, owner };
    await carryOutCertification(run.db, work, { modelOf, clock: run.clock, signal });
  } catch (error) {
    // What a person can fix stands in its row.
    if (!(error instanceof AppError)) throw error;
    log.warn({ certification: id, suite, reason: error.message }, "certification ended early");
  }
}

async function workOnce(owner: string, { run, log, signal }: ServiceOptions): Promise<void> {
  const optimization = await claimOptimization(run.db, { owner, leaseMs });
  if (optimization === null) return;
  const facts = {
    optimization: optimization.id,
    agentType: optimization.agentType,
    simulated: optimization.simulated,
  };
  log.info(facts, "optimization taken up");
  const lease = holdLease(run.db, optimization.id, owner);
  try {
    const outcome = await carryOut(optimization, {
      ...run,
      signal: AbortSignal.any([signal, lease.lost]),
    });
    log.info({ ...facts, candidates: outcome.candidates.length }, outcome.summary);
  } finally {
    await lease.end({ giveBack: signal.aborted });
  }
}
