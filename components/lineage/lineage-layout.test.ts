import { expect, test } from "vitest";
import type { AgentLineage, LineageNodeShape } from "#lib/http/shapes/agent.ts";
import { placeLineage } from "./lineage-layout.ts";

function node(id: string, rest: Partial<LineageNodeShape> = {}): LineageNodeShape {
  return {
    id,
    version: id,
    status: "experimental",
    unproven: false,
    tags: [],
    createdAt: "2026-11-23T00:00:00.000Z",
    createdBy: "optimizer",
    message: "",
    depth: 0,
    generation: null,
    optimizationId: null,
    fitnessScore: null,
    fitnessSimulated: false,
    ...rest,
  };
}

const edge = (parentId: string, childId: string, position = 0) => ({
  childId,
  parentId,
  position,
  operator: "reflect" as const,
  generation: 0,
  experimentId: null,
});

const family: AgentLineage = {
  nodes: [
    node("seed", { fitnessScore: 0.4 }),
    node("child", { fitnessScore: 0.5 }),
    node("dead-end", { fitnessScore: 0.2 }),
    node("today", { tags: ["prod"], status: "production", fitnessScore: 0.7 }),
    node("other-parent"),
  ],
  edges: [
    edge("seed", "child"),
    edge("seed", "dead-end"),
    edge("child", "today"),
    edge("other-parent", "today", 1),
  ],
  prodMoves: [],
  truncated: false,
};

test("every child stands to the right of its parents", () => {
  const { nodes, edges } = placeLineage(family, "all");
  const x = new Map(nodes.map((placed) => [placed.node.id, placed.x]));
  for (const { edge } of edges) {
    expect(x.get(edge.childId)).toBeGreaterThan(x.get(edge.parentId) ?? Number.NaN);
  }
});

test("the way from the first prompt to production's is marked, side branches are not", () => {
  const { nodes } = placeLineage(family, "all");
  const path = nodes.filter(({ onPath }) => onPath).map((placed) => placed.node.id);
  expect(path.sort()).toEqual(["child", "seed", "today"]);
});

test("the decisive view leaves out what led nowhere", () => {
  const { nodes } = placeLineage(family, "decisive");
  expect(nodes.map((placed) => placed.node.id)).not.toContain("dead-end");
  expect(nodes.length).toBe(4);
});

test("an edge's gain is the difference in fitness, and unknown when one end was not measured", () => {
  const { edges } = placeLineage(family, "all");
  const gain = new Map(edges.map((placed) => [placed.id, placed.gain]));
  expect(gain.get("child 0")).toBeCloseTo(0.1);
  expect(gain.get("today 1")).toBeNull();
});
