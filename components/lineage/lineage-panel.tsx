import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { LineageEdgeShape, LineageNodeShape } from "#lib/http/shapes/agent.ts";
import type { PublicExperiment } from "#lib/http/shapes/experiment.ts";
import { diffQuery, experimentQuery } from "../data/queries.ts";
import { DiffView } from "../prompts/diff-view.tsx";
import { operatorWords } from "../prompts/operator-words.ts";
import { StatusBadge } from "../prompts/status-badge.tsx";
import { UnprovenMark } from "../prompts/unproven-mark.tsx";
import { TimeAgo } from "../ui/figures.tsx";
import { percent, percentEstimate } from "../ui/format.ts";
import { QueryView } from "../ui/states.tsx";
import classes from "./lineage.module.css";

export interface LineagePanelProps {
  node: LineageNodeShape;
  /** From its parents, the first one first. */
  edges: readonly LineageEdgeShape[];
  versionOf: (promptId: string) => string;
  onClose: () => void;
}

/** The selected prompt: what it changed and the experiment that decided about it. */
export function LineagePanel({ node, edges, versionOf, onClose }: LineagePanelProps) {
  const [first] = edges;
  return (
    <aside className={classes.panel} aria-label={`Prompt ${node.version}`}>
      <div className={classes.panelHead}>
        <div className={classes.panelTitle}>
          <Link href={`/prompts/${node.id}`}>
            <strong>{node.version}</strong>
          </Link>
          <CloseButton size="sm" onClick={onClose} aria-label="Close" />
        </div>
        <div>
          <StatusBadge status={node.status} />
          <UnprovenMark unproven={node.unproven} />{" "}
          {node.generation === null ? "" : `· generation ${node.generation} `}·{" "}
          <TimeAgo at={node.createdAt} />
        </div>
        <div>{node.message}</div>
      </div>
      {edges.map((edge) => (
        <div key={edge.position} className={classes.panelBlock}>
          <span className={classes.label}>{operatorWords[edge.operator]} from</span>
          <Link href={`/prompts/${edge.parentId}`}>{versionOf(edge.parentId)}</Link>
        </div>
      ))}
      <Decided experimentId={first?.experimentId ?? null} />
      {first === undefined ? null : <Change promptId={node.id} parentId={first.parentId} />}
    </aside>
  );
}

function Decided({ experimentId }: { experimentId: string | null }) {
  const query = useQuery({
    ...experimentQuery(experimentId ?? ""),
    enabled: experimentId !== null,
  });
  if (experimentId === null) {
    return (
      <div className={classes.panelBlock}>
        <span className={classes.label}>Experiment</span>
        None decided about this prompt.
      </div>
    );
  }
  return (
    <QueryView query={query} height={90}>
      {(experiment) => (
        <div className={classes.panelBlock}>
          <span className={classes.label}>
            Decided by the {experiment.kind === "confirm" ? "proof" : "search experiment"} of
            generation {experiment.generation ?? "–"}
          </span>
          <Outcome experiment={experiment} passes={countPasses(experiment.rows)} />
        </div>
      )}
    </QueryView>
  );
}

interface OutcomeProps {
  experiment: PublicExperiment;
  passes: { passes: number; trials: number };
}

function Outcome({ experiment: { verdict, status, benchmark_ids }, passes }: OutcomeProps) {
  if (verdict !== null) {
    return (
      <>
        <span>
          {verdictKindWords[verdict.kind]}: {verdictReasonWords[verdict.reason].toLowerCase()}.
        </span>
        {verdict.proof === null ? null : (
          <span className={classes.label}>
            Sealed rows: {percentEstimate(verdict.baselineSuccess)} before,{" "}
            {percentEstimate(verdict.candidateSuccess)} with it
          </span>
        )}
      </>
    );
  }
  if (passes.trials === 0)
    return (
      <span>
        {benchmark_ids.length} benchmarks, {status}
      </span>
    );
  return (
    <span>
      Passed {passes.passes} of {passes.trials} trials ({percent(passes.passes / passes.trials)})
    </span>
  );
}

function countPasses(rows: readonly { candidate: { passes: number; trials: number } }[]) {
  return rows.reduce(
    (sum, { candidate }) => ({
      passes: sum.passes + candidate.passes,
      trials: sum.trials + candidate.trials,
    }),
    { passes: 0, trials: 0 },
  );
}

function Change({ promptId, parentId }: { promptId: string; parentId: string }) {
  const query = useQuery(diffQuery(promptId, parentId));
  return <QueryView query={query}>{({ diff }) => <DiffView diff={diff} />}</QueryView>;
}
