import { Graph, layout } from "@dagrejs/dagre";
import type { AgentLineage, LineageEdgeShape, LineageNodeShape } from "#lib/http/shapes/agent.ts";

export const nodeSize = { width: 148, height: 54 } as const;
/** Room between columns: the operator's name stands on the edge. */
const columnGap = 124;
const rowGap = 18;

export interface PlacedNode {
  node: LineageNodeShape;
  x: number;
  y: number;
  /** On the way of production from the first prompt to today's. */
  onPath: boolean;
}

export interface PlacedEdge {
  id: string;
  edge: LineageEdgeShape;
  onPath: boolean;
  /** Child's success minus the parent's; null when one was not measured, or they were measured in different ways. */
  gain: number | null;
}

export interface PlacedLineage {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
}

/** Which prompts to draw: all, or only those that led to production and to candidates. */
export type LineageView = "all" | "decisive";

/** Places a family from left to right by generation; seeds stand on the left. */
export function placeLineage(lineage: AgentLineage, view: LineageView): PlacedLineage {
  const path = productionPath(lineage);
  const shown = view === "all" ? new Set(lineage.nodes.map(({ id }) => id)) : decisive(lineage);
  const nodes = lineage.nodes.filter(({ id }) => shown.has(id));
  const edges = lineage.edges.filter(
    ({ childId, parentId }) => shown.has(childId) && shown.has(parentId),
  );
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: rowGap, ranksep: columnGap });
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize });
  // Edges of the path weigh more, so that it comes out straight.
  for (const edge of edges) {
    const weight = path.has(edge.childId) && path.has(edge.parentId) ? 8 : 1;
    graph.setEdge(edge.parentId, edge.childId, { weight }, String(edge.position));
  }
  layout(graph);
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  return {
    nodes: nodes.map((node) => {
      const { x, y } = centreOf(graph, node.id);
      return {
        node,
        x: x - nodeSize.width / 2,
        y: y - nodeSize.height / 2,
        onPath: path.has(node.id),
      };
    }),
    edges: edges.map((edge) => ({
      id: `${edge.childId} ${edge.position}`,
      edge,
      onPath: path.has(edge.childId) && path.has(edge.parentId),
      gain: gainOf(nodeOf.get(edge.childId), nodeOf.get(edge.parentId)),
    })),
  };
}

function centreOf(graph: Graph, id: string): { x: number; y: number } {
  const { x = 0, y = 0 } = graph.node(id);
  return { x, y };
}

function gainOf(
  child: LineageNodeShape | undefined,
  parent: LineageNodeShape | undefined,
): number | null {
  if (child === undefined || parent === undefined) return null;
  if (child.fitnessScore === null || parent.fitnessScore === null) return null;
  return child.fitnessKind === parent.fitnessKind ? child.fitnessScore - parent.fitnessScore : null;
}

/** Ancestors of today's production prompt along first parents, and every prompt that was in production. */
function productionPath({ nodes, edges, prodMoves }: AgentLineage): Set<string> {
  const path = new Set(prodMoves.map(({ promptId }) => promptId));
  const firstParent = new Map(
    edges.filter(({ position }) => position === 0).map((edge) => [edge.childId, edge.parentId]),
  );
  let at = nodes.find(({ tags }) => tags.includes("prod"))?.id;
  while (at !== undefined) {
    path.add(at);
    at = firstParent.get(at);
  }
  return path;
}

function decisive(lineage: AgentLineage): Set<string> {
  const parents = new Map<string, string[]>();
  for (const { childId, parentId } of lineage.edges)
    parents.set(childId, [...(parents.get(childId) ?? []), parentId]);
  const kept = new Set<string>();
  const open = lineage.nodes
    .filter(({ status, tags }) => status === "candidate" || tags.length > 0)
    .map(({ id }) => id);
  open.push(...productionPath(lineage));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (kept.has(id)) continue;
    kept.add(id);
    open.push(...(parents.get(id) ?? []));
  }
  return kept;
}
