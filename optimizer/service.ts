/**
 * The optimizer process: claims optimizations by lease and carries them out, observes the agents and starts or
 * suggests work, and gives back reservations whose owner died. What is to be done stands in rows, and each is looked for
 * again and again: no start can be lost with a message or with the process that was to make it.
 */
import { randomUUID } from "node:crypto";
import { expireLapsed } from "#lib/budget/close.ts";
import { type AgentType, listAgentTypes } from "#lib/db/agent-types.ts";
import { countWaitingOrders } from "#lib/db/loop-orders.ts";
import { claimOptimization, listOptimizations } from "#lib/db/optimizations.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import { type AutomationMode, optimizationConfig } from "#lib/domain/optimization.ts";
import { agentWindow } from "#lib/journal/agent-window.ts";
import { failedRuns } from "#lib/journal/runs.ts";
import type { Logger } from "#lib/log.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { pause } from "#lib/pause.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { reviewQueue } from "#lib/registry/reviews.ts";
import { deliverLoopOrders } from "#lib/temporal/deliver-loop-orders.ts";
import { workflowQueue } from "#lib/temporal/queues.ts";
import { deliverWebhooks } from "#lib/webhooks/deliver.ts";
import { evidenceFromJournal } from "./adapters/evidence-from-trials.ts";
import { coach } from "./coach/coach.ts";
import { holdLease, leaseMs } from "./hold-lease.ts";
import { coachOptionsOf } from "./loop/hypothesize.ts";
import { observe } from "./loop/observe.ts";
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
    every(observeMs, options, () => observeOnce(options)),
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

async function observeOnce(options: ServiceOptions): Promise<void> {
  const { run, log } = options;
  if ((await options.automation()) !== "automatic") return;
  const { items } = await listAgentTypes(run.db);
  for (const agent of items) {
    const production = await productionPrompt(run.db, agent.name);
    if (production === null) continue;
    const window = await agentWindow(
      run.db,
      agent.name,
      agent.thresholds.windowRuns,
      production.prompt.id,
    );
    const observation = observe(window, agent.thresholds);
    if (observation.state !== "needs-work") continue;
    if (await isSystemBusy(options, agent)) continue;
    const agentType = await untriedTarget(options, agent);
    if (agentType === null) continue;
    if (!(await wish(options, agentType))) continue;
    log.info({ agentType }, observation.sentence);
    return;
  }
}

/** On Temporal the agent type's loop decides when; false when this prompt's wish was made before and waits there. */
async function wish({ run, model }: ServiceOptions, agentType: string): Promise<boolean> {
  const { db, temporal } = run;
  if (temporal) {
    const production = await productionPrompt(db, agentType);
    const id = deterministicUuid("observer", agentType, production?.prompt.id ?? "");
    const kind = "generation";
    return (await orderLoop(db, { id, agentType, kind, requestedBy: "observer" })).isNew;
  }
  const seed = (await listOptimizations(db, { agentType, limit: 500 })).items.length + 1;
  const config = optimizationConfig.parse({ seed, evidence: "journal", model });
  await queueOptimization(db, { agentType, config, trigger: "observer", createdBy: "observer" });
  return true;
}

/** The agent to tune, unless its present prompt was searched from already; then the one that fails itself. */
async function untriedTarget(options: ServiceOptions, agent: AgentType): Promise<string | null> {
  for (const name of new Set([await agentToTune(options, agent), agent.name])) {
    const production = await productionPrompt(options.run.db, name);
    const past = await listOptimizations(options.run.db, { agentType: name, limit: 50 });
    if (
      production !== null &&
      past.items.every((item) => item.incumbentId !== production.prompt.id)
    )
      return name;
  }
  return null;
}

/** The agent that fails is not always the one at fault: the coach compares critic and worker in the failed runs. */
async function agentToTune({ run }: ServiceOptions, agent: AgentType): Promise<string> {
  const options = coachOptionsOf(agent.system);
  if (options === null || agent.name !== options.worker) return agent.name;
  const failed = await failedRuns(run.db, agent.name, agent.thresholds.windowRuns);
  return coach(failed.map(evidenceFromJournal), options).tune;
}

/** Work on the same system is under way or waits for a person: two changes at once could not be told apart. */
async function isSystemBusy({ run }: ServiceOptions, agent: AgentType): Promise<boolean> {
  const { items: agents } = await listAgentTypes(run.db);
  const together = agents.filter(
    (other) => other.system === agent.system && other.system !== "single",
  );
  const concerned = new Set([agent.name, ...together.map((other) => other.name)]);
  const active = await listOptimizations(run.db, {
    states: ["queued", "running", "stopping"],
    limit: 100,
  });
  if (active.items.some((item) => concerned.has(item.agentType))) return true;
  if ((await countWaitingOrders(run.db, [...concerned])) > 0) return true;
  const { items: waiting } = await reviewQueue(run.db);
  return waiting.some((entry) => concerned.has(entry.prompt.agentType));
}
