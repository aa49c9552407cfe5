import type { EvidenceRun, FailureCluster } from "../evidence.ts";

const recordsMax = 6;
const passingMax = 2;
const recordCharactersMax = 1_200;

/** A few traces of a cluster in words. */
export function clusterRecords(cluster: FailureCluster): string[] {
  return recordsOf(cluster.runs.slice(0, recordsMax));
}

/**
 * One or two runs that passed, in words: what an edit must not break. Best are those on a benchmark of the cluster,
 * since the same task then went well by luck or by something that the edit should keep.
 */
export function passingRecords(cluster: FailureCluster, passing: readonly EvidenceRun[]): string[] {
  const failing = new Set(cluster.runs.map((run) => run.benchmarkId));
  const near = passing.filter((run) => run.benchmarkId !== null && failing.has(run.benchmarkId));
  const far = passing.filter((run) => !near.includes(run));
  return recordsOf([...near, ...far].slice(0, passingMax));
}

/** Traces in words: what was thought, called and answered, ends kept, middles cut. */
export function recordsOf(runs: readonly EvidenceRun[]): string[] {
  return runs.map((run) => {
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
