import type { IndividualShape } from "#lib/http/shapes/optimization.ts";

/** What a point is drawn as; the order is the order of drawing, the last on top. */
export const pointKinds = ["infeasible", "dominated", "front", "candidate", "prod"] as const;
export type PointKind = (typeof pointKinds)[number];

export type FrontAxis = "costUsd" | "latencyMs";

export interface FrontPoint {
  id: string;
  kind: PointKind;
  x: number;
  y: number;
  /** Distances from y down to the low and up to the high end of the interval. */
  whisker: [number, number];
  individual: IndividualShape;
}

export interface PreparedFront {
  points: FrontPoint[];
  /** Corners of the attainment line in this projection, from the cheapest to the best. */
  stairs: { x: number; y: number }[];
  /** Low end of the success axis, at a quarter below the lowest whisker. */
  floor: number;
  /** Whether the other axis has nothing but zero to show: free local models cost nothing. */
  isAllZero: boolean;
}

/** A population → points and the line that no point passes, for success over one of the other objectives. */
export function prepareFront(
  individuals: readonly IndividualShape[],
  axis: FrontAxis,
  prodId: string | null,
): PreparedFront {
  const points = individuals
    .map((individual) => toPoint(individual, axis, prodId))
    .sort((a, b) => pointKinds.indexOf(a.kind) - pointKinds.indexOf(b.kind));
  const lowest = Math.min(1, ...points.map(({ y, whisker }) => y - whisker[0]));
  return {
    points,
    stairs: stairsOf(points.filter(({ kind }) => kind !== "infeasible")),
    floor: Math.min(0.75, Math.floor(lowest * 4) / 4),
    isAllZero: points.every(({ x }) => x === 0),
  };
}

function toPoint(individual: IndividualShape, axis: FrontAxis, prodId: string | null): FrontPoint {
  const { objectives, figure, promptId } = individual;
  return {
    id: promptId,
    kind: kindOf(individual, prodId),
    x: objectives[axis],
    y: figure.value,
    whisker: [Math.max(0, figure.value - figure.low), Math.max(0, figure.high - figure.value)],
    individual,
  };
}

function kindOf(individual: IndividualShape, prodId: string | null): PointKind {
  if (individual.promptId === prodId) return "prod";
  if (individual.status === "candidate") return "candidate";
  if (individual.constraintViolation > 0) return "infeasible";
  return individual.rank === 0 ? "front" : "dominated";
}

function stairsOf(points: readonly FrontPoint[]): { x: number; y: number }[] {
  const ordered = [...points].sort((a, b) => a.x - b.x || b.y - a.y);
  const stairs: { x: number; y: number }[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const { x, y } of ordered) {
    if (y <= best) continue;
    if (best !== Number.NEGATIVE_INFINITY) stairs.push({ x, y: best });
    stairs.push({ x, y });
    best = y;
  }
  const last = ordered.at(-1);
  if (last !== undefined && last.x > (stairs.at(-1)?.x ?? last.x))
    stairs.push({ x: last.x, y: best });
  return stairs;
}
