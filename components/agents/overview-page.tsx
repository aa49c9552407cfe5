"use client";

import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type AgentSummary, type SeriesRange, seriesRanges } from "#lib/http/shapes/agent.ts";
import type { Overview } from "#lib/http/shapes/overview.ts";
import { isRunning, overviewQuery } from "../data/queries.ts";
import { RunSummary } from "../optimizations/run-summary.tsx";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { useNow } from "../ui/use-now.ts";
import { AgentRow } from "./agent-row.tsx";
import { AttentionList } from "./attention-list.tsx";
import { FrontPanel } from "./front-panel.tsx";
import classes from "./overview.module.css";

const rangeLabels: Readonly<Record<SeriesRange, string>> = {
  "3h": "3 h",
  "24h": "24 h",
  "7d": "7 days",
  "30d": "30 days",
};

export function OverviewPage() {
  const query = useQuery(overviewQuery);
  return (
    <Page title="Overview">
      <QueryView query={query} height={480}>
        {(overview) => <OverviewBody overview={overview} />}
      </QueryView>
    </Page>
  );
}

function OverviewBody({ overview }: { overview: Overview }) {
  const { attention, agents } = overview;
  const [chosen, setChosen] = useState<SeriesRange | null>(null);
  const now = useNow();
  const range = chosen ?? tellingRange(agents, now);
  return (
    <>
      <Section title="Needs attention" flush>
        <AttentionList items={attention} />
      </Section>
      <Section
        title="Agents"
        flush
        note={
          <SegmentedControl
            size="xs"
            value={range}
            onChange={(value) => setChosen(seriesRanges.find((one) => one === value) ?? null)}
            data={seriesRanges.map((value) => ({ value, label: rangeLabels[value] }))}
            aria-label="Time range"
          />
        }
      >
        {agents.length === 0 ? (
          <EmptyState title="No agents yet">
            An agent type appears with its first prompt. The demo brings planner, engineer and
            critic.
          </EmptyState>
        ) : (
          agents.map((agent) => <AgentRow key={agent.name} agent={agent} range={range} />)
        )}
      </Section>
      <FrontAndProgress agents={agents} />
    </>
  );
}

function FrontAndProgress({ agents }: { agents: readonly AgentSummary[] }) {
  const router = useRouter();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = agents.find(({ name }) => name === chosen) ?? mostInteresting(agents);
  if (shown === null) return null;
  const choice = (
    <SegmentedControl
      size="xs"
      value={shown.name}
      onChange={setChosen}
      data={agents.map(({ name }) => name)}
      aria-label="Agent"
    />
  );
  return (
    <div className={classes.split}>
      <Section title={`Optimization of the ${shown.name}`}>
        <RunSummary agent={shown} />
      </Section>
      <Section title="Current population" note={agents.length > 1 ? choice : undefined}>
        <FrontPanel
          agentType={shown.name}
          onSelect={(promptId) => router.push(`/prompts/${promptId}`)}
          height={260}
        />
      </Section>
    </div>
  );
}

const recentMs = 2 * 3_600_000;

/** What an approval of minutes ago did shows in the last hours only; else a week tells more. */
function tellingRange(agents: readonly AgentSummary[], now: number): SeriesRange {
  const approvedJustNow = agents.some(
    ({ prod }) => prod !== null && prod.generation > 1 && now - Date.parse(prod.movedAt) < recentMs,
  );
  return approvedJustNow ? "3h" : "7d";
}

/** The agent that is being optimized, else the one optimized last, else the first. */
function mostInteresting(agents: readonly AgentSummary[]): AgentSummary | null {
  const optimized = agents
    .filter(({ optimization }) => optimization !== null)
    .sort((a, b) =>
      (b.optimization?.createdAt ?? "").localeCompare(a.optimization?.createdAt ?? ""),
    );
  const running = optimized.find(({ optimization }) => isRunning(optimization));
  return running ?? optimized[0] ?? agents[0] ?? null;
}
