"use client";

import {
  ErrorBar,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { figureKindWords } from "#lib/domain/success-figure.ts";
import type { IndividualShape } from "#lib/http/shapes/optimization.ts";
import { duration, percent, percentRange, usd } from "../ui/format.ts";
import classes from "./charts.module.css";
import { FrontMark, frontMarks } from "./front-mark.tsx";
import {
  type FrontAxis,
  type FrontPoint,
  type PointKind,
  pointKinds,
  prepareFront,
} from "./pareto-front.prepare.ts";

export interface ParetoFrontProps {
  individuals: readonly IndividualShape[];
  axis: FrontAxis;
  prodId: string | null;
  selectedIds?: readonly string[];
  onSelect: (promptId: string) => void;
  height?: number;
}

/** Success over cost or latency with whiskers; prod, candidates and the front have shapes of their own. */
export function ParetoFront(props: ParetoFrontProps) {
  const { individuals, axis, prodId, selectedIds = [], onSelect, height = 300 } = props;
  const { points, stairs, floor, isAllZero } = prepareFront(individuals, axis, prodId);
  const format = axis === "costUsd" ? usd : duration;
  return (
    <div>
      <div
        className={classes.chart}
        role="img"
        aria-label={`Success over ${axis === "costUsd" ? "cost" : "latency"} of ${points.length} prompts`}
      >
        <ResponsiveContainer width="100%" height={height}>
          <ScatterChart margin={{ top: 12, right: 24, bottom: 20, left: 4 }}>
            <XAxis
              dataKey="x"
              type="number"
              // Left to itself the axis would name amounts that nobody paid.
              {...(isAllZero ? { domain: [-1, 1], ticks: [0] } : { domain: ["auto", "auto"] })}
              tickFormatter={format}
              stroke="var(--gp-line-strong)"
              tickLine={false}
              label={{
                value: axis === "costUsd" ? "mean cost of a run" : "mean latency of a run",
                position: "insideBottomRight",
                offset: -12,
              }}
            />
            <YAxis
              dataKey="y"
              type="number"
              domain={[floor, 1]}
              ticks={[0, 0.25, 0.5, 0.75, 1].filter((tick) => tick >= floor)}
              tickFormatter={percent}
              width={48}
              stroke="var(--gp-line-strong)"
              tickLine={false}
            />
            <Scatter
              data={stairs}
              line={{ stroke: "var(--gp-chart-1)", strokeWidth: 1.25 }}
              shape={() => <g />}
              isAnimationActive={false}
              tooltipType="none"
            />
            {pointKinds.map((kind) => (
              <Scatter
                key={kind}
                name={kind}
                data={points.filter((point) => point.kind === kind)}
                isAnimationActive={false}
                onClick={({ payload }: { payload?: FrontPoint }) => {
                  if (payload !== undefined) onSelect(payload.id);
                }}
                shape={({ cx, cy, payload }: MarkPosition) => (
                  <g className={classes.point} transform={`translate(${cx},${cy})`}>
                    <FrontMark kind={kind} selected={selectedIds.includes(payload?.id ?? "")} />
                  </g>
                )}
              >
                <ErrorBar
                  dataKey="whisker"
                  direction="y"
                  width={0}
                  stroke={frontMarks[kind].colour}
                  strokeOpacity={0.35}
                  isAnimationActive={false}
                />
              </Scatter>
            ))}
            <Tooltip
              cursor={false}
              isAnimationActive={false}
              content={({ active, payload }) => {
                const point: FrontPoint | undefined = payload?.[0]?.payload;
                return active && point?.individual !== undefined ? (
                  <FrontTooltip point={point} />
                ) : null;
              }}
            />
          </ScatterChart>
        </ResponsiveContainer>
      </div>
      <Legend kinds={pointKinds.filter((kind) => points.some((point) => point.kind === kind))} />
    </div>
  );
}

interface MarkPosition {
  cx: number | undefined;
  cy: number | undefined;
  payload?: FrontPoint | undefined;
}

function FrontTooltip({ point: { individual, kind } }: { point: FrontPoint }) {
  const { version, message, objectives, figure } = individual;
  return (
    <div className={classes.tooltip}>
      <div className={classes.tooltipTitle}>
        {version} · {frontMarks[kind].label}
      </div>
      <div>
        {percent(figure.value)} {percentRange(figure)} {figureKindWords[figure.kind]}
      </div>
      <div>
        {usd(objectives.costUsd)} · {duration(objectives.latencyMs)} a run
      </div>
      <div className={classes.tooltipNote}>{message}</div>
    </div>
  );
}

function Legend({ kinds }: { kinds: readonly PointKind[] }) {
  return (
    <ul className={classes.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
            <FrontMark kind={kind} selected={false} />
          </svg>
          {frontMarks[kind].label}
        </li>
      ))}
    </ul>
  );
}
