import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { AgentSummary, SeriesRange } from "#lib/http/shapes/agent.ts";
import { SuccessOverTime } from "../charts/success-over-time.tsx";
import { isRunning, seriesQuery } from "../data/queries.ts";
import { stepWords } from "../optimizations/step-words.ts";
import { UnprovenMark } from "../prompts/unproven-mark.tsx";
import { Rate, Stat, TimeAgo } from "../ui/figures.tsx";
import { duration, usd } from "../ui/format.ts";
import { EmptyState, QueryView } from "../ui/states.tsx";
import classes from "./overview.module.css";

/** One agent at a glance: what runs, how it does over time, and what is being done about it. */
export function AgentRow({ agent, range }: { agent: AgentSummary; range: SeriesRange }) {
  const series = useQuery(seriesQuery(agent.name, range));
  const { prod, description } = agent;
  return (
    <article className={classes.agent} aria-label={agent.name}>
      <div>
        <Link href={`/agents/${agent.name}`} className={classes.name}>
          {agent.name}
        </Link>
        <div className={classes.description}>{description}</div>
        <div className={classes.prod}>
          {prod === null ? (
            "no prompt in production"
          ) : (
            <>
              prod <Link href={`/prompts/${prod.promptId}`}>{prod.version}</Link>
              <UnprovenMark unproven={prod.unproven} />, live <TimeAgo at={prod.movedAt} />
            </>
          )}
        </div>
      </div>
      <div className={classes.trend}>
        <QueryView query={series} height={150}>
          {(data) =>
            data.points.length === 0 ? (
              <EmptyState title="No runs in this time">
                Runs reported to POST /api/v1/runs appear here within seconds.
              </EmptyState>
            ) : (
              <SuccessOverTime series={data} threshold={agent.thresholds.successRateMin} />
            )
          }
        </QueryView>
      </div>
      <AgentStats agent={agent} />
    </article>
  );
}

function AgentStats({ agent }: { agent: AgentSummary }) {
  const { prod, optimization } = agent;
  const window = agent.prodWindow ?? agent.window;
  const { latencyP50Ms, latencyP95Ms, costUsd } = window;
  return (
    <div className={classes.stats}>
      <div className={classes.wide}>
        <Stat
          label={prod === null ? "Success" : `Success of ${prod.version}`}
          value={<Rate estimate={window.success} />}
        />
      </div>
      <Stat
        label="Cost of a run"
        value={window.runs === 0 ? "–" : usd(costUsd.value)}
        note={window.runs === 0 ? undefined : `${usd(costUsd.low)}–${usd(costUsd.high)}`}
      />
      <Stat
        label="Latency p50 / p95"
        value={latencyP50Ms === null ? "–" : duration(latencyP50Ms)}
        note={latencyP95Ms === null ? undefined : duration(latencyP95Ms)}
      />
      <div className={classes.wide}>
        <Stat
          label="Optimization"
          value={
            optimization === null ? (
              "none so far"
            ) : (
              <Link href={`/optimizations/${optimization.id}`}>
                {isRunning(optimization) ? stepWords(optimization) : optimization.state}
              </Link>
            )
          }
          note={optimization?.finishedAt ? <TimeAgo at={optimization.finishedAt} /> : undefined}
        />
      </div>
    </div>
  );
}
