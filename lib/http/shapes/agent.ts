import { z } from "zod";
import { agentThresholds, repeatBehaviour } from "#lib/domain/optimization.ts";
import { promptOperator, promptStatus } from "#lib/domain/prompt.ts";
import { estimate, instant } from "./common.ts";
import { optimizationSummary } from "./optimization.ts";

export const agentWindow = z
  .object({
    runs: z.int(),
    successes: z.int(),
    success: estimate,
    costUsd: estimate,
    latencyP50Ms: z.number().nullable(),
    latencyP95Ms: z.number().nullable(),
    meanTokens: z.number(),
    simulatedRuns: z.int(),
    oldestAt: instant.nullable(),
    newestAt: instant.nullable(),
  })
  .meta({ id: "AgentWindow" });
export type AgentWindowShape = z.infer<typeof agentWindow>;

export const agentSummary = z
  .object({
    name: z.string(),
    system: z.string(),
    suite: z.string(),
    description: z.string(),
    defaultModel: z.string(),
    thresholds: agentThresholds,
    /** Whether equal requests can be answered differently; null lets each run probe it. */
    repeats: repeatBehaviour.nullable(),
    /** Largest drop of success, as a share of 1, at which a cheaper prompt counts as equal. */
    nonInferiorityMargin: z.number(),
    /** The last runs, whatever prompt they used. */
    window: agentWindow,
    /** The last runs of the prompt in production. */
    prodWindow: agentWindow.nullable(),
    prod: z
      .object({
        promptId: z.uuid(),
        version: z.string(),
        generation: z.int(),
        movedAt: instant,
        /** It came there by a release without proof. */
        unproven: z.boolean(),
      })
      .nullable(),
    /** Why it needs work, in words; null when it does not. */
    needsWork: z.string().nullable(),
    candidates: z.int(),
    /** The newest one, running or ended. */
    optimization: optimizationSummary.nullable(),
  })
  .meta({ id: "AgentSummary" });
export type AgentSummary = z.infer<typeof agentSummary>;

export const seriesRanges = ["3h", "24h", "7d", "30d"] as const;
export type SeriesRange = (typeof seriesRanges)[number];

const prodMove = z.object({
  at: instant,
  version: z.string(),
  fromVersion: z.string().nullable(),
  promptId: z.uuid(),
  actor: z.string(),
  reason: z.string(),
  /** The new holder came into production without proof. */
  unproven: z.boolean(),
});

export const agentSeries = z.object({
  agentType: z.string(),
  from: instant,
  to: instant,
  bucketMs: z.number(),
  points: z.array(
    z.object({
      at: instant,
      success: estimate,
      meanCostUsd: z.number(),
      meanLatencyMs: z.number(),
      simulatedRuns: z.int(),
    }),
  ),
  prodMoves: z.array(prodMove),
});
export type AgentSeries = z.infer<typeof agentSeries>;

export const lineageNode = z.object({
  id: z.uuid(),
  version: z.string(),
  status: promptStatus,
  tags: z.array(z.string()),
  /** In production without proof. */
  unproven: z.boolean(),
  createdAt: instant,
  createdBy: z.string(),
  message: z.string(),
  depth: z.int(),
  generation: z.int().nullable(),
  optimizationId: z.uuid().nullable(),
  fitnessScore: z.number().nullable(),
  fitnessSimulated: z.boolean(),
});
export type LineageNodeShape = z.infer<typeof lineageNode>;

export const lineageEdge = z.object({
  childId: z.uuid(),
  parentId: z.uuid(),
  position: z.int(),
  operator: promptOperator,
  generation: z.int().nullable(),
  experimentId: z.uuid().nullable(),
});
export type LineageEdgeShape = z.infer<typeof lineageEdge>;

export const agentLineage = z.object({
  nodes: z.array(lineageNode),
  edges: z.array(lineageEdge),
  prodMoves: z.array(prodMove),
  truncated: z.boolean(),
});
export type AgentLineage = z.infer<typeof agentLineage>;
