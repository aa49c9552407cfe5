"use client";

import {
  Area,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { AgentSeries } from "#lib/http/shapes/agent.ts";
import { percent, percentRange } from "../ui/format.ts";
import classes from "./charts.module.css";
import {
  prepareTrend,
  type TrendPoint,
  timeLabel,
  timeTicks,
} from "./success-over-time.prepare.ts";

export interface SuccessOverTimeProps {
  series: AgentSeries;
  /** The rate under which the agent needs work, 0..1. */
  threshold: number;
  height?: number;
}

/** Success with its 95 % band; a vertical line wherever prod moved. */
export function SuccessOverTime({ series, threshold, height = 150 }: SuccessOverTimeProps) {
  const { points, markers, domain } = prepareTrend(series);
  return (
    <div
      className={classes.chart}
      role="img"
      aria-label={`Success of the ${series.agentType} over time`}
    >
      <ResponsiveContainer width="100%" height={height}>
        <ComposedChart data={points} margin={{ top: 16, right: 12, bottom: 0, left: 0 }}>
          <XAxis
            dataKey="at"
            type="number"
            domain={domain}
            ticks={timeTicks(domain, 6)}
            tickFormatter={(at: number) => timeLabel(at, domain)}
            stroke="var(--gp-line-strong)"
            tickLine={false}
          />
          <YAxis
            domain={[0, 1]}
            ticks={[0, 0.5, 1]}
            tickFormatter={percent}
            width={44}
            axisLine={false}
            tickLine={false}
          />
          <ReferenceLine y={threshold} stroke="var(--gp-line-strong)" strokeDasharray="3 3" />
          <Area
            dataKey="band"
            stroke="none"
            fill="var(--gp-chart-1)"
            fillOpacity={0.16}
            isAnimationActive={false}
            activeDot={false}
          />
          <Line
            dataKey="rate"
            stroke="var(--gp-chart-1)"
            strokeWidth={1.75}
            dot={points.length <= 40 ? { r: 2, fill: "var(--gp-chart-1)", strokeWidth: 0 } : false}
            isAnimationActive={false}
          />
          {markers.map(({ at, label, side }) => (
            <ReferenceLine
              key={at}
              x={at}
              stroke="var(--gp-status-production)"
              strokeWidth={1.5}
              label={
                label === null
                  ? ""
                  : {
                      value: side === "left" ? `${label} live ▸` : `◂ ${label} live`,
                      position: side === "left" ? "insideTopRight" : "insideTopLeft",
                      offset: -14,
                      fontSize: 11,
                    }
              }
            />
          ))}
          <Tooltip
            cursor={{ stroke: "var(--gp-line-strong)" }}
            content={({ active, payload }) => {
              const point: TrendPoint | undefined = payload?.[0]?.payload;
              return active && point !== undefined ? <TrendTooltip point={point} /> : null;
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function TrendTooltip({ point: { at, rate, band, n } }: { point: TrendPoint }) {
  if (rate === null || band === null) return null;
  return (
    <div className={classes.tooltip}>
      <div className={classes.tooltipNote}>{new Date(at).toLocaleString()}</div>
      <span className={classes.tooltipTitle}>{percent(rate)}</span>{" "}
      {percentRange({ low: band[0], high: band[1], n })}
    </div>
  );
}
