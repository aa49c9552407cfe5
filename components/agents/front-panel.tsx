import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FrontAxis } from "../charts/pareto-front.prepare.ts";
import { ParetoFront } from "../charts/pareto-front.tsx";
import { frontQuery } from "../data/queries.ts";
import { EmptyState, QueryView } from "../ui/states.tsx";

export interface FrontPanelProps {
  agentType: string;
  selectedIds?: readonly string[];
  onSelect: (promptId: string) => void;
  height?: number;
}

/** The current population of an agent: what can be had for what price. */
export function FrontPanel({ agentType, selectedIds = [], onSelect, height }: FrontPanelProps) {
  const front = useQuery(frontQuery(agentType));
  const [axis, setAxis] = useState<FrontAxis>("costUsd");
  return (
    <QueryView query={front} height={height ?? 300}>
      {({ individuals, prod }) =>
        individuals.length === 0 ? (
          <EmptyState title="No population yet">
            The first optimization of the {agentType} measures one: prompts by success, cost and
            latency.
          </EmptyState>
        ) : (
          <>
            <SegmentedControl
              size="xs"
              value={axis}
              onChange={(value) => setAxis(value === "latencyMs" ? "latencyMs" : "costUsd")}
              data={[
                { value: "costUsd", label: "Success over cost" },
                { value: "latencyMs", label: "Success over latency" },
              ]}
              aria-label="Axis"
            />
            <ParetoFront
              individuals={individuals}
              axis={axis}
              prodId={prod?.id ?? null}
              selectedIds={selectedIds}
              onSelect={onSelect}
              {...(height === undefined ? {} : { height })}
            />
          </>
        )
      }
    </QueryView>
  );
}
