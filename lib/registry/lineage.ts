import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { loadPrompts } from "#lib/db/prompts.ts";
import { queryRows, sql } from "#lib/db/query.ts";
import { listTagMoves, prodTag, type TagMove } from "#lib/db/tags.ts";
import type { PromptOperator, PromptStatus } from "#lib/domain/prompt.ts";
import { fitnessScores } from "./fitness.ts";

export interface LineageNode {
  id: string;
  agentType: string;
  version: string;
  status: PromptStatus;
  tags: string[];
  /** In production without proof. */
  unproven: boolean;
  createdAt: Date;
  createdBy: string;
  message: string;
  /** Longest way from a prompt without parents: the column to draw it in. */
  depth: number;
  /** Generation of the search that made it; null for seeds and for what people wrote. */
  generation: number | null;
  optimizationId: string | null;
  fitnessScore: number | null;
  /** True when that score was measured with the simulated model. */
  fitnessSimulated: boolean;
}

export interface LineageEdge {
  childId: string;
  parentId: string;
  position: number;
  operator: PromptOperator;
  operatorArguments: Record<string, unknown>;
  generation: number | null;
  optimizationId: string | null;
  /** The experiment that decided about the child: its confirmation, else the one that measured it first. */
  experimentId: string | null;
}

export interface Lineage {
  nodes: LineageNode[];
  edges: LineageEdge[];
  /** Moves of the prod tag, oldest first: the path of production through the graph. */
  prodMoves: TagMove[];
  /** True when older prompts were left out. */
  truncated: boolean;
}

const nodesMax = 2_000;
const idRow = z.object({ id: z.uuid() });

/**
 * The family graph of an agent type (its newest 2,000 prompts), or of one prompt: its ancestors and descendants.
 * Nodes come oldest first.
 */
export async function lineage(
  db: Executor,
  query: { agentType: string; promptId?: string | undefined },
): Promise<Lineage> {
  const ids = await (query.promptId === undefined
    ? newestIds(db, query.agentType)
    : relativeIds(db, query.promptId));
  const shown = ids.slice(0, nodesMax);
  const [prompts, scores, experiments, moves] = await Promise.all([
    loadPrompts(db, shown),
    fitnessScores(db, shown),
    decidingExperiments(db, shown),
    listTagMoves(db, { agentType: query.agentType, tag: prodTag, limit: 500 }),
  ]);
  const known = new Set(shown);
  const ordered = prompts.toReversed();
  const edges = ordered.flatMap((prompt) =>
    prompt.parents
      .filter(({ parentId }) => known.has(parentId))
      .map((edge) => ({
        ...edge,
        experimentId: experiments.get(edge.childId) ?? edge.experimentId,
      })),
  );
  const depths = depthsOf(
    ordered.map(({ id }) => id),
    edges,
  );
  const nodes = ordered.map((prompt) => ({
    id: prompt.id,
    agentType: prompt.agentType,
    version: prompt.version,
    status: prompt.status,
    tags: prompt.tags,
    unproven: prompt.unproven,
    createdAt: prompt.createdAt,
    createdBy: prompt.createdBy,
    message: prompt.message,
    depth: depths.get(prompt.id) ?? 0,
    generation: prompt.parents[0]?.generation ?? null,
    optimizationId: prompt.parents[0]?.optimizationId ?? null,
    fitnessScore: scores.get(prompt.id)?.value ?? null,
    fitnessSimulated: scores.get(prompt.id)?.simulated ?? false,
  }));
  return {
    nodes,
    edges,
    prodMoves: moves.items.toReversed(),
    truncated: ids.length > nodesMax,
  };
}

async function newestIds(db: Executor, agentType: string): Promise<string[]> {
  const rows = await db.prompt.findMany({
    where: { agentType },
    select: { id: true },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: nodesMax + 1,
  });
  return rows.map(({ id }) => id);
}

async function relativeIds(db: Executor, promptId: string): Promise<string[]> {
  const rows = await queryRows(
    db,
    idRow,
    sql`WITH RECURSIVE
          ancestors (id) AS (
            VALUES (${promptId}::uuid)
            UNION SELECT p.parent_id FROM prompt_parents p JOIN ancestors a ON p.child_id = a.id),
          descendants (id) AS (
            VALUES (${promptId}::uuid)
            UNION SELECT p.child_id FROM prompt_parents p JOIN descendants d ON p.parent_id = d.id)
        SELECT p.id FROM prompts p
        WHERE p.id IN (SELECT id FROM ancestors UNION SELECT id FROM descendants)
        ORDER BY p.created_at DESC, p.id DESC
        LIMIT ${nodesMax + 1}`,
  );
  return rows.map(({ id }) => id);
}

/** Confirmations override the searches, newer ones the older. */
async function decidingExperiments(
  db: Executor,
  promptIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.experiment.findMany({
    where: { promptId: { in: [...promptIds] }, kind: { in: ["search", "confirm"] } },
    select: { id: true, promptId: true, kind: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const deciding = new Map<string, string>();
  for (const { id, promptId, kind } of rows) {
    if (kind === "confirm" || !deciding.has(promptId)) deciding.set(promptId, id);
  }
  return deciding;
}

/** Longest way up to a prompt without parents; the graph has no cycles, since parents exist before their children. */
function depthsOf(
  ids: readonly string[],
  edges: readonly { childId: string; parentId: string }[],
): Map<string, number> {
  const parentsOf = new Map<string, string[]>();
  for (const { childId, parentId } of edges) {
    parentsOf.set(childId, [...(parentsOf.get(childId) ?? []), parentId]);
  }
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const parents = parentsOf.get(id) ?? [];
    const depth = Math.max(0, ...parents.map((parent) => depthOf(parent) + 1));
    depths.set(id, depth);
    return depth;
  };
  for (const id of ids) depthOf(id);
  return depths;
}
