"use client";

import { Button, Group, SegmentedControl, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { type AgentSummary, type SeriesRange, seriesRanges } from "#lib/http/shapes/agent.ts";
import { SuccessOverTime } from "../charts/success-over-time.tsx";
import { agentQuery, diffQuery, seriesQuery } from "../data/queries.ts";
import { StartButton } from "../optimizations/start-button.tsx";
import { DiffView } from "../prompts/diff-view.tsx";
import { PromptList } from "../prompts/prompt-list.tsx";
import { UnprovenMark } from "../prompts/unproven-mark.tsx";
import { Rate, Stat, TimeAgo } from "../ui/figures.tsx";
import { duration, usd } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { SuccessLegend } from "../ui/success.tsx";
import { FrontPanel } from "./front-panel.tsx";
import { JudgeStat } from "./judge-stat.tsx";
import { LoopPanel } from "./loop-panel.tsx";

export function AgentPage({ agentType }: { agentType: string }) {
  const query = useQuery(agentQuery(agentType));
  return (
    <Page
      title={agentType}
      lede={query.data?.description}
      actions={
        <>
          <Button
            component={Link}
            href={`/agents/${agentType}/lineage`}
            variant="default"
            size="xs"
          >
            Show lineage
          </Button>
          <StartButton agentType={agentType} variant="filled" />
        </>
      }
    >
      <QueryView query={query} height={480}>
        {(agent) => <Body agent={agent} />}
      </QueryView>
    </Page>
  );
}

function Body({ agent }: { agent: AgentSummary }) {
  const [selected, setSelected] = useState<readonly string[]>([]);
  const toggle = (id: string) =>
    setSelected((before) =>
      before.includes(id) ? before.filter((one) => one !== id) : [...before.slice(-1), id],
    );
  return (
    <>
      <Standing agent={agent} />
      <LoopPanel agentType={agent.name} />
      <Section title="Current population" note="select two to compare them">
        <SuccessLegend />
        <FrontPanel agentType={agent.name} selectedIds={selected} onSelect={toggle} />
      </Section>
      <Comparison selected={selected} onClear={() => setSelected([])} />
      <PromptList agentType={agent.name} selectedIds={selected} onToggle={toggle} />
    </>
  );
}

function Standing({ agent }: { agent: AgentSummary }) {
  const [range, setRange] = useState<SeriesRange>("7d");
  const series = useQuery(seriesQuery(agent.name, range));
  const window = agent.prodWindow ?? agent.window;
  const { latencyP50Ms, latencyP95Ms } = window;
  return (
    <Section
      title="In production"
      note={
        <SegmentedControl
          size="xs"
          value={range}
          onChange={(value) => setRange(seriesRanges.find((one) => one === value) ?? "7d")}
          data={[...seriesRanges]}
          aria-label="Time range"
        />
      }
    >
      <Stack gap="lg">
        <Group gap="xl" align="flex-start">
          <Stat
            label="Version"
            value={
              agent.prod === null ? (
                "none"
              ) : (
                <>
                  <Link href={`/prompts/${agent.prod.promptId}`}>{agent.prod.version}</Link>
                  <UnprovenMark unproven={agent.prod.unproven} />
                </>
              )
            }
            note={agent.prod === null ? undefined : <TimeAgo at={agent.prod.movedAt} />}
          />
          <Stat
            label="Success of its runs"
            value={<Rate estimate={window.success} stacked />}
            note="as the journal has them"
          />
          <Stat
            label="Cost of a run"
            value={window.runs === 0 ? "–" : usd(window.costUsd.value)}
            note={`at most ${usd(agent.thresholds.meanCostUsdMax)} wanted`}
          />
          <Stat
            label="Latency p50 / p95"
            value={latencyP50Ms === null ? "–" : duration(latencyP50Ms)}
            note={latencyP95Ms === null ? undefined : duration(latencyP95Ms)}
          />
          <Stat label="Model" value={agent.defaultModel} />
          <JudgeStat suite={agent.suite} />
        </Group>
        <QueryView query={series} height={180}>
          {(data) =>
            data.points.length === 0 ? (
              <EmptyState title="No runs in this time">Choose a longer one.</EmptyState>
            ) : (
              <SuccessOverTime
                series={data}
                threshold={agent.thresholds.successRateMin}
                height={180}
              />
            )
          }
        </QueryView>
      </Stack>
    </Section>
  );
}

function Comparison({
  selected: [first, second],
  onClear,
}: {
  selected: readonly string[];
  onClear: () => void;
}) {
  const query = useQuery({
    ...diffQuery(second ?? "", first ?? ""),
    enabled: first !== undefined && second !== undefined,
  });
  if (first === undefined || second === undefined) return null;
  return (
    <Section
      title="Comparison"
      flush
      note={
        <Button variant="subtle" size="compact-xs" onClick={onClear}>
          Clear selection
        </Button>
      }
    >
      <QueryView query={query}>
        {({ before, after, diff }) => (
          <>
            <p style={{ padding: "0 1rem" }}>
              From {before.version} to {after.version}
            </p>
            <DiffView diff={diff} />
          </>
        )}
      </QueryView>
    </Section>
  );
}
