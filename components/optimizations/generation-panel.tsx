import { SegmentedControl, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { GenerationShape, OptimizationDetail } from "#lib/http/shapes/optimization.ts";
import type { FrontAxis } from "../charts/pareto-front.prepare.ts";
import { ParetoFront } from "../charts/pareto-front.tsx";
import { EmptyState } from "../ui/states.tsx";
import { SuccessLegend } from "../ui/success.tsx";
import classes from "./optimization.module.css";
import { PopulationTable } from "./population-table.tsx";

export interface GenerationPanelProps {
  generations: readonly GenerationShape[];
  dropped: OptimizationDetail["dropped"];
}

/** The population of each generation: the newest one unless another is chosen. */
export function GenerationPanel({ generations, dropped }: GenerationPanelProps) {
  const router = useRouter();
  const [chosen, setChosen] = useState<string>("newest");
  const [axis, setAxis] = useState<FrontAxis>("costUsd");
  const shown = generations.find(({ number }) => String(number) === chosen) ?? generations.at(-1);
  if (shown === undefined) {
    return (
      <EmptyState title="No generation yet">
        The first population is ranked when its prompts have run against the benchmarks.
      </EmptyState>
    );
  }
  const incumbent = shown.individuals.find(({ isIncumbent }) => isIncumbent);
  const setAside = new Map(
    dropped
      .filter(({ generation }) => generation === shown.number)
      .map(({ promptId, reason }) => [promptId, reason]),
  );
  return (
    <>
      <div className={classes.controls}>
        <SegmentedControl
          size="xs"
          value={String(shown.number)}
          onChange={setChosen}
          data={generations.map(({ number }) => String(number))}
          aria-label="Generation"
        />
        <SegmentedControl
          size="xs"
          value={axis}
          onChange={(value) => setAxis(value === "latencyMs" ? "latencyMs" : "costUsd")}
          data={[
            { value: "costUsd", label: "Over cost" },
            { value: "latencyMs", label: "Over latency" },
          ]}
          aria-label="Axis"
        />
      </div>
      <ParetoFront
        individuals={shown.individuals.filter(({ promptId }) => !setAside.has(promptId))}
        axis={axis}
        prodId={incumbent?.promptId ?? null}
        onSelect={(promptId) => router.push(`/prompts/${promptId}`)}
        height={280}
      />
      <SuccessLegend />
      <PopulationTable individuals={shown.individuals} setAside={setAside} />
      {setAside.size === 0 ? null : (
        <Text size="sm" c="dimmed">
          Set aside: left the race early or changed nothing, so there is no rate to compare. The
          report gives the reason of each.
        </Text>
      )}
    </>
  );
}
