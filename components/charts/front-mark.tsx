import type { PointKind } from "./pareto-front.prepare.ts";

/** Each kind differs by shape as well as by colour. */
export const frontMarks: Readonly<Record<PointKind, { label: string; colour: string }>> = {
  prod: { label: "in production", colour: "var(--gp-status-production)" },
  candidate: { label: "candidate", colour: "var(--gp-status-candidate)" },
  front: { label: "on the front", colour: "var(--gp-chart-1)" },
  dominated: { label: "dominated", colour: "var(--gp-chart-muted)" },
  infeasible: { label: "breaks a control", colour: "var(--gp-chart-2)" },
};

export function FrontMark({ kind, selected }: { kind: PointKind; selected: boolean }) {
  const { colour } = frontMarks[kind];
  return (
    <>
      {selected ? <circle r={9} fill="none" stroke="var(--gp-text)" strokeWidth={1.5} /> : null}
      {shapeOf(kind, colour)}
    </>
  );
}

function shapeOf(kind: PointKind, colour: string) {
  switch (kind) {
    case "prod":
      return <path d="M0-6.5 6.5 0 0 6.5-6.5 0z" fill={colour} />;
    case "candidate":
      return <path d="M0-6 6 5H-6z" fill={colour} />;
    case "front":
      return <circle r={4.5} fill={colour} />;
    case "dominated":
      return <circle r={4} fill="var(--gp-surface)" stroke={colour} strokeWidth={1.5} />;
    case "infeasible":
      return <path d="M-4-4 4 4M4-4-4 4" stroke={colour} strokeWidth={1.75} />;
  }
}
