import type { AgentType } from "#lib/db/agent-types.ts";
import type { Executor } from "#lib/db/client.ts";
import { listOptimizations } from "#lib/db/optimizations.ts";
import { getTag, prodTag, type TagMove } from "#lib/db/tags.ts";
import { type AgentWindow, agentWindow } from "#lib/journal/agent-window.ts";
import { recentSeries } from "#lib/journal/recent-series.ts";
import { type SeriesBucket, successSeries } from "#lib/journal/success-series.ts";
import { lineage } from "#lib/registry/lineage.ts";
import type {
  AgentLineage,
  AgentSeries,
  AgentSummary,
  AgentWindowShape,
  SeriesRange,
} from "../shapes/agent.ts";
import { optimizationSummaries } from "./optimization-view.ts";
import { PromptIndex } from "./prompt-refs.ts";

export async function agentSummary(
  db: Executor,
  agent: AgentType,
  now: Date,
): Promise<AgentSummary> {
  const { name, system, suite, description, defaultModel, thresholds } = agent;
  const held = await getTag(db, name, prodTag);
  const [window, prodWindow, prompts, runs, candidates] = await Promise.all([
    agentWindow(db, name, thresholds.windowRuns),
    held === null ? null : agentWindow(db, name, thresholds.windowRuns, held.promptId),
    PromptIndex.load(db, [held?.promptId ?? null]),
    listOptimizations(db, { agentType: name, limit: 1 }),
    db.promptStatusNow.count({ where: { agentType: name, status: "candidate" } }),
  ]);
  const [optimization] = await optimizationSummaries(db, runs.items, now);
  return {
    name,
    system,
    suite,
    description,
    defaultModel,
    thresholds,
    repeats: agent.repeats,
    nonInferiorityMargin: agent.nonInferiorityMargin,
    window: windowShape(window),
    prodWindow: prodWindow === null ? null : windowShape(prodWindow),
    prod:
      held === null
        ? null
        : {
            promptId: held.promptId,
            version: prompts.require(held.promptId).version,
            generation: held.generation,
            movedAt: held.movedAt.toISOString(),
            unproven: prompts.require(held.promptId).unproven,
          },
    needsWork: needsWork(prodWindow ?? window, agent),
    candidates,
    optimization: optimization ?? null,
  };
}

/** What the observer would say of these runs, in words; null when there is nothing, or too little to say it from. */
export function needsWork(
  window: Pick<AgentWindow, "runs" | "success" | "costUsd">,
  { name, thresholds }: Pick<AgentType, "name" | "thresholds">,
): string | null {
  if (window.runs < thresholds.minimumRuns) return null;
  const wanted = `${Math.round(thresholds.successRateMin * 100)} %`;
  if (window.success.value < thresholds.successRateMin) {
    const rate = `${Math.round(window.success.value * 100)} %`;
    return `The ${name} succeeds in ${rate} of its last ${window.runs} runs; ${wanted} are wanted.`;
  }
  if (window.costUsd.value > thresholds.meanCostUsdMax) {
    const cost = `$${window.costUsd.value.toFixed(3)}`;
    return `A run of the ${name} costs ${cost}; at most $${thresholds.meanCostUsdMax} is wanted.`;
  }
  return null;
}

function windowShape(window: AgentWindow): AgentWindowShape {
  const { agentType: _, oldestAt, newestAt, ...figures } = window;
  return {
    ...figures,
    oldestAt: oldestAt?.toISOString() ?? null,
    newestAt: newestAt?.toISOString() ?? null,
  };
}

const hourMs = 3_600_000;
const ranges: Readonly<Record<SeriesRange, { spanMs: number; bucketMs: number }>> = {
  "3h": { spanMs: 3 * hourMs, bucketMs: 10 * 60_000 },
  "24h": { spanMs: 24 * hourMs, bucketMs: hourMs },
  "7d": { spanMs: 7 * 24 * hourMs, bucketMs: 6 * hourMs },
  "30d": { spanMs: 30 * 24 * hourMs, bucketMs: 24 * hourMs },
};
const buckets: Readonly<Record<Exclude<SeriesRange, "3h">, SeriesBucket>> = {
  "24h": "hour",
  "7d": "6h",
  "30d": "day",
};

/** Success over time with the moves of prod; the shortest range is read from the runs, the others from hourly sums. */
export async function agentSeries(
  db: Executor,
  agentType: string,
  range: SeriesRange,
  now: Date,
): Promise<AgentSeries> {
  const { spanMs, bucketMs } = ranges[range];
  const from = new Date(now.getTime() - spanMs);
  const series = await (range === "3h"
    ? recentSeries(db, agentType, { from, to: now, bucketMs })
    : successSeries(db, agentType, { from, to: now, bucket: buckets[range] }));
  return {
    agentType,
    from: from.toISOString(),
    to: now.toISOString(),
    bucketMs,
    points: series.points.map((point) => ({ ...point, at: point.at.toISOString() })),
    prodMoves: await prodMoves(db, series.prodMoves),
  };
}

async function prodMoves(
  db: Executor,
  moves: readonly TagMove[],
): Promise<AgentSeries["prodMoves"]> {
  const prompts = await PromptIndex.load(
    db,
    moves.flatMap(({ fromPromptId, toPromptId }) => [fromPromptId, toPromptId]),
  );
  return moves.map(({ at, fromPromptId, toPromptId, actor, reason, unproven }) => ({
    at: at.toISOString(),
    version: prompts.require(toPromptId).version,
    fromVersion: fromPromptId === null ? null : prompts.require(fromPromptId).version,
    promptId: toPromptId,
    actor,
    reason,
    unproven,
  }));
}

export async function agentLineage(
  db: Executor,
  agentType: string,
  promptId?: string,
): Promise<AgentLineage> {
  const { nodes, edges, prodMoves: moves, truncated } = await lineage(db, { agentType, promptId });
  return {
    nodes: nodes.map(({ agentType: _, createdAt, ...node }) => ({
      ...node,
      createdAt: createdAt.toISOString(),
    })),
    edges: edges.map(({ childId, parentId, position, operator, generation, experimentId }) => ({
      childId,
      parentId,
      position,
      operator,
      generation,
      experimentId,
    })),
    prodMoves: await prodMoves(db, moves),
    truncated,
  };
}
