"use client";

import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import type { AgentLineage } from "#lib/http/shapes/agent.ts";
import { lineageQuery } from "../data/queries.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { SuccessLegend } from "../ui/success.tsx";
import classes from "./lineage.module.css";
import { LineageGraph } from "./lineage-graph.tsx";
import { type LineageView, placeLineage } from "./lineage-layout.ts";
import { LineagePanel } from "./lineage-panel.tsx";

/** A graph with more prompts opens with those that led somewhere. */
const nodesShownAtOnce = 30;

export function LineagePage({ agentType }: { agentType: string }) {
  const query = useQuery(lineageQuery(agentType));
  return (
    <Page
      title={`Lineage of the ${agentType}`}
      lede="From the first prompt on the left to today's: green is the way of production, a thicker edge gained more."
    >
      <QueryView query={query} height={560}>
        {(lineage) => <Family agentType={agentType} lineage={lineage} />}
      </QueryView>
    </Page>
  );
}

function Family({ agentType, lineage }: { agentType: string; lineage: AgentLineage }) {
  const router = useRouter();
  const selectedId = useSearchParams().get("prompt");
  const [chosen, setChosen] = useState<LineageView | null>(null);
  const view = chosen ?? (lineage.nodes.length > nodesShownAtOnce ? "decisive" : "all");
  const placed = useMemo(() => placeLineage(lineage, view), [lineage, view]);
  const address = `/agents/${agentType}/lineage`;
  const selected = lineage.nodes.find(({ id }) => id === selectedId);
  const versions = new Map(lineage.nodes.map(({ id, version }) => [id, version]));
  if (lineage.nodes.length === 0) {
    return (
      <EmptyState title="No prompts yet">
        The family begins with the first prompt of this agent.
      </EmptyState>
    );
  }
  return (
    <Section
      title={`${placed.nodes.length} of ${lineage.nodes.length} prompts`}
      flush
      note={
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => setChosen(value === "all" ? "all" : "decisive")}
          data={[
            { value: "decisive", label: "What led somewhere" },
            { value: "all", label: "All" },
          ]}
          aria-label="Prompts shown"
        />
      }
    >
      <div className={classes.legend}>
        <SuccessLegend />
      </div>
      <div className={classes.split} data-open={selected === undefined ? undefined : true}>
        <div className={classes.canvas}>
          <LineageGraph
            key={view}
            lineage={placed}
            selectedId={selectedId}
            onSelect={(id) => router.replace(`${address}?prompt=${id}`, { scroll: false })}
          />
        </div>
        {selected === undefined ? null : (
          <LineagePanel
            node={selected}
            edges={lineage.edges
              .filter(({ childId }) => childId === selected.id)
              .sort((a, b) => a.position - b.position)}
            versionOf={(id) => versions.get(id) ?? id}
            onClose={() => router.replace(address, { scroll: false })}
          />
        )}
      </div>
    </Section>
  );
}
