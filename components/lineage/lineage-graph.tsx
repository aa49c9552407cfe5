"use client";

import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  Controls,
  type Edge,
  type EdgeChange,
  Handle,
  MarkerType,
  type Node,
  type NodeChange,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useMemo } from "react";
import { figureKindWords } from "#lib/domain/success-figure.ts";
import { operatorWords } from "../prompts/operator-words.ts";
import { StatusBadge } from "../prompts/status-badge.tsx";
import { UnprovenMark } from "../prompts/unproven-mark.tsx";
import { percent } from "../ui/format.ts";
import classes from "./lineage.module.css";
import {
  nodeSize,
  type PlacedEdge,
  type PlacedLineage,
  type PlacedNode,
} from "./lineage-layout.ts";

export interface LineageGraphProps {
  lineage: PlacedLineage;
  selectedId: string | null;
  onSelect: (promptId: string) => void;
}

type PromptNode = Node<{ placed: PlacedNode }, "prompt">;

const nodeTypes = { prompt: PromptBox };

/** The family as a graph; a click or Enter on a prompt, or on the edge that made it, selects it. */
export function LineageGraph({ lineage, selectedId, onSelect }: LineageGraphProps) {
  const colorMode = useComputedColorScheme("light");
  const nodes = useMemo(
    () => lineage.nodes.map((one) => toNode(one, selectedId)),
    [lineage, selectedId],
  );
  const edges = useMemo(
    () => lineage.edges.map((one) => toEdge(one, selectedId)),
    [lineage, selectedId],
  );
  const childOf = (edgeId: string) =>
    lineage.edges.find(({ id }) => id === edgeId)?.edge.childId ?? null;
  const selectFrom = (id: string | null) => {
    if (id !== null) onSelect(id);
  };
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      onNodesChange={(changes: NodeChange<PromptNode>[]) => selectFrom(selectedIn(changes))}
      onEdgesChange={(changes: EdgeChange[]) => {
        const edgeId = selectedIn(changes);
        selectFrom(edgeId === null ? null : childOf(edgeId));
      }}
      colorMode={colorMode}
      fitView
      fitViewOptions={{
        padding: 0.12,
        minZoom: 0.5,
        maxZoom: 1,
        ...(selectedId === null ? {} : { nodes: familyOf(lineage, selectedId) }),
      }}
      minZoom={0.1}
      nodesDraggable={false}
      nodesConnectable={false}
      onlyRenderVisibleElements
    >
      <Background gap={24} color="var(--gp-line)" />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

/** The prompt, its parents and its children: what to show first of somebody who was asked for by name. */
function familyOf({ nodes, edges }: PlacedLineage, id: string): { id: string }[] {
  const family = new Set([id]);
  for (const { edge } of edges) {
    if (edge.childId === id) family.add(edge.parentId);
    if (edge.parentId === id) family.add(edge.childId);
  }
  return nodes.filter(({ node }) => family.has(node.id)).map(({ node }) => ({ id: node.id }));
}

function selectedIn(changes: readonly (NodeChange<PromptNode> | EdgeChange)[]): string | null {
  for (const change of changes) {
    if (change.type === "select" && change.selected) return change.id;
  }
  return null;
}

function toNode(placed: PlacedNode, selectedId: string | null): PromptNode {
  const { id, version, status, unproven } = placed.node;
  return {
    id,
    type: "prompt",
    position: { x: placed.x, y: placed.y },
    ...nodeSize,
    data: { placed },
    selected: id === selectedId,
    ariaLabel: `${version}, ${status}${unproven ? ", unproven" : ""}`,
  };
}

function toEdge({ id, edge, onPath, gain }: PlacedEdge, selectedId: string | null): Edge {
  const selected = edge.childId === selectedId;
  const colour = onPath ? "var(--gp-status-production)" : "var(--gp-line-strong)";
  const stroke = selected ? "var(--gp-accent)" : colour;
  return {
    id,
    source: edge.parentId,
    target: edge.childId,
    label: operatorWords[edge.operator],
    selected,
    style: { stroke, strokeWidth: widthOf(gain, onPath) },
    markerEnd: {
      type: MarkerType.ArrowClosed,
      color: stroke,
      width: 14,
      height: 14,
      markerUnits: "userSpaceOnUse",
    },
    labelStyle: { fill: "var(--gp-text-dim)", fontSize: 11 },
    labelBgStyle: { fill: "var(--gp-surface)", fillOpacity: 0.9 },
    labelBgPadding: [4, 2],
  };
}

/** Thickness shows the gain, from nothing to 30 points. */
function widthOf(gain: number | null, onPath: boolean): number {
  const base = onPath ? 2.5 : 1;
  return base + Math.min(3, Math.max(0, gain ?? 0) * 10);
}

function PromptBox({ data: { placed }, selected }: NodeProps<PromptNode>) {
  const { version, status, fitnessScore, fitnessKind, tags, unproven } = placed.node;
  return (
    <div
      className={classes.node}
      data-path={placed.onPath || undefined}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={Position.Left} className={classes.port ?? ""} />
      <span className={classes.version}>
        {version}
        {tags.includes("prod") ? " · prod" : ""}
      </span>
      <span
        className={classes.fitness}
        data-kind={fitnessKind ?? undefined}
        title={fitnessKind === null ? undefined : figureKindWords[fitnessKind]}
      >
        {fitnessScore === null ? "" : percent(fitnessScore)}
      </span>
      <span className={classes.status}>
        <StatusBadge status={status} />
        <UnprovenMark unproven={unproven} />
      </span>
      <Handle type="source" position={Position.Right} className={classes.port ?? ""} />
    </div>
  );
}
