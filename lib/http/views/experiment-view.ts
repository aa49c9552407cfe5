import type { Executor } from "#lib/db/client.ts";
import { type Experiment, requireExperiment } from "#lib/db/experiments.ts";
import { getOptimization } from "#lib/db/optimizations.ts";
import { listTrialFigures, type TrialFigures } from "#lib/db/trials.ts";
import type {
  ArmFigures,
  ExperimentDetail,
  PairedRow,
  PublicExperiment,
} from "../shapes/experiment.ts";
import { PromptIndex } from "./prompt-refs.ts";

export async function publicExperiments(
  db: Executor,
  experiments: readonly Experiment[],
): Promise<PublicExperiment[]> {
  const prompts = await PromptIndex.load(
    db,
    experiments.flatMap((experiment) => [experiment.promptId, experiment.baselinePromptId]),
  );
  return experiments.map((experiment) => ({
    id: experiment.id,
    prompt_id: experiment.promptId,
    prompt_version: prompts.require(experiment.promptId).version,
    agent_type: experiment.agentType,
    kind: experiment.kind,
    baseline:
      experiment.baselinePromptId === null ? null : prompts.ref(experiment.baselinePromptId),
    benchmark_ids: experiment.benchmarkIds,
    control_ids: experiment.controlIds,
    sealed_ids: experiment.sealedIds,
    repeats: experiment.repeats,
    status: experiment.status,
    results: experiment.results,
    verdict: experiment.verdict,
    optimization_id: experiment.optimizationId,
    generation: experiment.generation,
    simulated: experiment.simulated,
    created_at: experiment.createdAt.toISOString(),
    finished_at: experiment.finishedAt?.toISOString() ?? null,
  }));
}

/** Throws AppError("not-found") for an unknown experiment. */
export async function experimentDetail(db: Executor, id: string): Promise<ExperimentDetail> {
  return withRows(db, await requireExperiment(db, id));
}

/** The experiment with both arms on each of its benchmarks. */
export async function withRows(db: Executor, experiment: Experiment): Promise<ExperimentDetail> {
  const [shown] = await publicExperiments(db, [experiment]);
  if (shown === undefined) throw new TypeError("an experiment without a public shape");
  return { ...shown, rows: await pairedRows(db, experiment) };
}

async function pairedRows(db: Executor, experiment: Experiment): Promise<PairedRow[]> {
  const { optimizationId, benchmarkIds, promptId, baselinePromptId } = experiment;
  const optimization = optimizationId === null ? null : await getOptimization(db, optimizationId);
  if (optimization === null) return [];
  const figures = await listTrialFigures(db, {
    promptIds: baselinePromptId === null ? [promptId] : [promptId, baselinePromptId],
    benchmarkIds,
    repeatFrom: experiment.repeatOffset,
    repeatTo: experiment.repeatOffset + experiment.repeats,
    runSeed: optimization.seed,
  });
  const benchmarks = await db.benchmark.findMany({
    where: { id: { in: benchmarkIds } },
    select: { id: true, externalId: true, family: true },
  });
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  const roleOf = roles(experiment);
  const cells = groupByCell(figures);
  const measured = new Set(figures.map(({ benchmarkId }) => benchmarkId));
  // Sealed rows that an early end left unopened say nothing and are no part of the matrix.
  const shown = benchmarkIds.filter((id) => roleOf(id) !== "sealed" || measured.has(id));
  return shown.map((benchmarkId) => ({
    benchmarkId,
    externalId: byId.get(benchmarkId)?.externalId ?? benchmarkId,
    family: byId.get(benchmarkId)?.family ?? null,
    role: roleOf(benchmarkId),
    baseline: armFigures(cells.get(cellKey({ benchmarkId, promptId: baselinePromptId ?? "" }))),
    candidate: armFigures(cells.get(cellKey({ benchmarkId, promptId }))),
  }));
}

function roles({ controlIds, sealedIds }: Experiment): (id: string) => PairedRow["role"] {
  const [controls, sealed] = [new Set(controlIds), new Set(sealedIds)];
  return (id) => (sealed.has(id) ? "sealed" : controls.has(id) ? "control" : "target");
}

function groupByCell(figures: readonly TrialFigures[]): Map<string, TrialFigures[]> {
  const cells = new Map<string, TrialFigures[]>();
  for (const trial of figures) {
    const cell = cells.get(cellKey(trial));
    if (cell === undefined) cells.set(cellKey(trial), [trial]);
    else cell.push(trial);
  }
  return cells;
}

function cellKey(cell: Pick<TrialFigures, "benchmarkId" | "promptId">): string {
  return `${cell.benchmarkId} ${cell.promptId}`;
}

function armFigures(trials: readonly TrialFigures[] = []): ArmFigures {
  const outcomes = trials.map(({ outcome }) => outcome === "success");
  return {
    outcomes,
    passes: outcomes.filter(Boolean).length,
    trials: trials.length,
    meanCostUsd: mean(trials.map(({ costUsd }) => costUsd)),
    meanLatencyMs: mean(trials.map(({ latencyMs }) => latencyMs)),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
