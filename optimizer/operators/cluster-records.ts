import type { FailureCluster } from "../loop/insights.ts";

const recordsMax = 4;
const recordCharactersMax = 1_200;

/** A few traces of a cluster in words: what was thought, called and answered, ends kept, middles cut. */
export function clusterRecords(cluster: FailureCluster): string[] {
  return cluster.runs.slice(0, recordsMax).map((run) => {
    const lines = run.steps.map((step) => {
      const tool = step.toolName === undefined ? "" : ` ${step.toolName}`;
      return `[${step.agentType} ${step.kind}${tool}] ${step.text.replace(/\s+/g, " ").slice(0, 200)}`;
    });
    const failure = run.failure === null ? "" : `Result: ${run.failure.message}`;
    return shortenMiddle([...lines, failure].join("\n"), recordCharactersMax);
  });
}

function shortenMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 5) / 2);
  return `${text.slice(0, half)}\n…\n${text.slice(-half)}`;
}
