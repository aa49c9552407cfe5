/**
 * The observer: starts work on agents whose production runs fall below their thresholds, once for each production prompt.
 * Without Temporal it queues an optimization; with it the agent type's loop is asked for a generation and decides when.
 */
import { type AgentType, listAgentTypes } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import {
  countWaitingOrders,
  getLoopOrder,
  hasOrderSince,
  type LoopOrder,
} from "#lib/db/loop-orders.ts";
import { listOptimizations } from "#lib/db/optimizations.ts";
import { deterministicUuid } from "#lib/deterministic-uuid.ts";
import {
  type AutomationMode,
  automationFor,
  optimizationConfig,
} from "#lib/domain/optimization.ts";
import { AppError } from "#lib/errors.ts";
import { agentWindow } from "#lib/journal/agent-window.ts";
import { failedRuns } from "#lib/journal/runs.ts";
import type { Logger } from "#lib/log.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { isSimulatedOnly } from "#lib/optimizations/simulated-only.ts";
import { productionPrompt } from "#lib/registry/production.ts";
import { reviewQueue } from "#lib/registry/reviews.ts";
import { loopState } from "#lib/temporal/optimization-loop.ts";
import { evidenceFromJournal } from "./adapters/evidence-from-trials.ts";
import { coach } from "./coach/coach.ts";
import { coachOptionsOf } from "./loop/hypothesize.ts";
import { observe } from "./loop/observe.ts";
import type { StoredRunContext } from "./stored-run.ts";

export interface ObserverOptions {
  run: Pick<StoredRunContext, "db" | "temporal" | "clock">;
  log: Logger;
  automation: () => Promise<AutomationMode>;
  /** Model for optimizations that the observer starts; null keeps each agent's own. */
  model: string | null;
}

/** A loop that had a wish for so long and neither keeps it nor made a run of it has lost it; twice as long each time. */
const lostAfterMs = 60_000;
const wishesMax = 10;
const loopAnswerMs = 1_500;

/** One look at all agents; starts work for at most one and answers its agent type. */
export async function observeOnce(options: ObserverOptions): Promise<string | null> {
  const { run, log } = options;
  const mode = await options.automation();
  if (mode === "suggest" || mode === "manual") return null;
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
    const isSimulated = await isSimulatedOnly(run.db, agent, options.model);
    if (automationFor(mode, isSimulated) !== "automatic") continue;
    if (await isSystemBusy(options, agent)) continue;
    const agentType = await untriedTarget(options, agent);
    if (agentType === null) continue;
    if (!(await wish(options, agentType))) continue;
    log.info({ agentType }, observation.sentence);
    return agentType;
  }
  return null;
}

/** False when this prompt's wish was made before. */
async function wish({ run, model }: ObserverOptions, agentType: string): Promise<boolean> {
  const { db, temporal, clock } = run;
  if (temporal) return wishOfLoop(db, agentType, clock.now());
  const seed = (await listOptimizations(db, { agentType, limit: 500 })).items.length + 1;
  const config = optimizationConfig.parse({ seed, evidence: "journal", model });
  await queueOptimization(db, { agentType, config, trigger: "observer", createdBy: "observer" });
  return true;
}

/**
 * Asks the loop once for each production prompt. A loop that was terminated, or that could not start the run, has nothing
 * left of the wish: it is made again then, each time later.
 */
async function wishOfLoop(db: Database, agentType: string, now: Date): Promise<boolean> {
  const production = await productionPrompt(db, agentType);
  const about = ["observer", agentType, production?.prompt.id ?? ""] as const;
  for (let earlier = 0; earlier < wishesMax; earlier++) {
    const id = deterministicUuid(...about, ...(earlier === 0 ? [] : [String(earlier)]));
    const order = await getLoopOrder(db, id);
    if (order === null) {
      const kind = "generation";
      return (await orderLoop(db, { id, agentType, kind, requestedBy: "observer" })).isNew;
    }
    if (!(await isLost(db, order, now.getTime() - lostAfterMs * 2 ** earlier))) return false;
  }
  return false;
}

/** Whoever stops the loop wants none of what waits in it; only the next production prompt is a new matter. */
async function isLost(
  db: Database,
  { agentType, deliveredAt, refusal, createdAt }: LoopOrder,
  beforeMs: number,
): Promise<boolean> {
  if (deliveredAt === null || refusal !== null || deliveredAt.getTime() > beforeMs) return false;
  return !(await hasOrderSince(db, { agentType, kind: "stop", since: createdAt }));
}

/** The agent to tune, unless its present prompt was searched from already; then the one that fails itself. */
async function untriedTarget(options: ObserverOptions, agent: AgentType): Promise<string | null> {
  for (const name of new Set([await agentToTune(options, agent), agent.name])) {
    const production = await productionPrompt(options.run.db, name);
    const past = await listOptimizations(options.run.db, { agentType: name, limit: 50 });
    if (
      production !== null &&
      // A proof of somebody's prompt searched nothing.
      past.items.every(
        ({ incumbentId, config }) =>
          config.prove.length > 0 || incumbentId !== production.prompt.id,
      )
    )
      return name;
  }
  return null;
}

/** The agent that fails is not always the one at fault: the coach compares critic and worker in the failed runs. */
async function agentToTune({ run }: ObserverOptions, agent: AgentType): Promise<string> {
  const options = coachOptionsOf(agent.system);
  if (options === null || agent.name !== options.worker) return agent.name;
  const failed = await failedRuns(run.db, agent.name, agent.thresholds.windowRuns);
  return coach(failed.map(evidenceFromJournal), options).tune;
}

/** Work on the same system is under way or waits for a person: two changes at once could not be told apart. */
async function isSystemBusy({ run }: ObserverOptions, agent: AgentType): Promise<boolean> {
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
  for (const name of concerned) if (await holdsWork(run.temporal, name)) return true;
  const { items: waiting } = await reviewQueue(run.db);
  return waiting.some((entry) => concerned.has(entry.prompt.agentType));
}

/** A loop that has a generation under way, or wishes that a pause holds back; also one that cannot be asked now. */
async function holdsWork(
  temporal: ObserverOptions["run"]["temporal"],
  agentType: string,
): Promise<boolean> {
  if (!temporal) return false;
  try {
    const { current, waiting } = await loopState(temporal.client, agentType, loopAnswerMs);
    return current !== null || waiting > 0;
  } catch (error) {
    // Without an answer nobody knows what waits there: the next look asks again.
    return !(error instanceof AppError && error.code === "not-found");
  }
}
