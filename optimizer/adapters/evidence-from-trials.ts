import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { JournalRunWithSteps } from "#lib/journal/runs.ts";
import { type EvidenceRun, toolsUsed } from "../evidence.ts";
import type { AgentProfile } from "../ports.ts";

/** A trial as evidence; its run id is the evaluation key it is stored under. */
export function evidenceFromTrial(
  evaluationKey: string,
  benchmarkId: string,
  result: TrialResult,
): EvidenceRun {
  const { outcome, score, failure, steps } = result;
  return { runId: evaluationKey, benchmarkId, outcome, score, failure, steps };
}

/** A production run as evidence; the journal knows no score but success. */
export function evidenceFromJournal(run: JournalRunWithSteps): EvidenceRun {
  const { runId, benchmarkId, outcome, failure, steps } = run;
  return { runId, benchmarkId, outcome, score: outcome === "success" ? 1 : 0, failure, steps };
}

const examplesMax = 40;
/** A way to work is shown as an example only when it went well more than once, where it was tried more than once. */
const goodRunsMin = 2;
const goodScoreMin = 0.8;

/**
 * Demonstrations for few-shot examples. Agents with tools: how a run that succeeded went about it. Single agents on a
 * labelled suite: inputs with their known answers. Only from `benchmarkIds`, which score no child, never from a sealed
 * group, and from each group once.
 */
export function mineExamples(
  agent: AgentProfile,
  benchmarks: readonly Benchmark[],
  benchmarkIds: readonly string[],
  traces: readonly EvidenceRun[],
): FewShotExample[] {
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  const open = benchmarkIds.flatMap((id) => {
    const benchmark = byId.get(id);
    return benchmark === undefined || benchmark.sealed ? [] : [benchmark];
  });
  const mined = open.flatMap((benchmark) =>
    agent.allowedTools.length === 0 ? knownAnswer(benchmark) : goodWay(benchmark, traces),
  );
  const groups = new Set<string>();
  const single = mined.filter(({ group }) => !groups.has(group) && groups.add(group));
  return single.slice(0, examplesMax);
}

function knownAnswer({ id, group, input, expected }: Benchmark): FewShotExample[] {
  return expected === null ? [] : [{ benchmarkId: id, group, input, answer: expected }];
}

function goodWay(
  { id, group, family }: Benchmark,
  traces: readonly EvidenceRun[],
): FewShotExample[] {
  const runs = traces.filter((run) => run.benchmarkId === id);
  const good = runs.filter((run) => run.outcome === "success" && run.score >= goodScoreMin);
  const [first] = good;
  if (first === undefined || good.length < Math.min(goodRunsMin, runs.length)) return [];
  const way = toolsUsed(first).join(", then ");
  return [
    {
      benchmarkId: id,
      group,
      input: `A ${family ?? "similar"} problem`,
      answer: `Called ${way}.`,
    },
  ];
}
