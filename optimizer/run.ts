/**
 * One optimization from calibration to nomination. Steps run in a fixed order; the output of each that decides
 * something is stored before the next begins, and trials and replies are stored under their own keys. So a killed
 * process that runs this function again arrives at the identical result without paying twice.
 */

import type { Benchmark } from "#lib/domain/benchmark.ts";
import { confirmationTrialsOfArm } from "#lib/optimizations/confirmation-size.ts";
import type { EvidenceRun } from "./evidence.ts";
import { FaultLog } from "./faults.ts";
import {
  type Calibration,
  calibration,
  chooseBenchmarks,
  controlsToAdmit,
  splitBenchmarks,
} from "./loop/calibrate.ts";
import { confirm } from "./loop/confirm.ts";
import { type Hypothesis, hypothesize } from "./loop/hypothesize.ts";
import { affordableFinalists, confirmationSize } from "./loop/plan-confirmation.ts";
import { promote } from "./loop/promote.ts";
import { measure, ordersFor, repeatOffsets, type StopReason } from "./measurement.ts";
import type { IndividualRecord } from "./ports.ts";
import { PromptSearch } from "./prompt-search.ts";
import {
  type EndReason,
  endsWithoutVerdict,
  type RunInput,
  type RunOutcome,
  type RunPorts,
  summaryOf,
} from "./run-contract.ts";
import { RunProgress } from "./run-progress.ts";

/** Runs or resumes one optimization. */
export async function runOptimization(input: RunInput, given: RunPorts): Promise<RunOutcome> {
  const faults = new FaultLog();
  const ports = { ...given, evaluator: faults.listen(given.evaluator) };
  const progress = new RunProgress(ports.store, faults);
  const calibrated = await calibrate(input, ports, progress);
  if (calibrated.calibration === null) return outcomeOf({ stopped: calibrated.stopped, progress });
  const chosen = calibrated.calibration;
  const traces = await input.tracesOf(input.incumbent, chosen.measurements);
  await progress.begin("hypothesize", 0);
  const hypothesis = await explain(input, ports, chosen, traces);
  if (chosen.targets.length === 0) {
    return outcomeOf({ hypothesis, stopped: "nothing-to-improve", progress });
  }
  const examples = input.mineExamples(chosen.examplePool, traces);
  const search = new PromptSearch(input, ports, {
    calibration: chosen,
    hypothesis,
    examples,
    progress,
  });
  const { population, stopped } = await search.run();
  if (endsWithoutVerdict(stopped)) return outcomeOf({ hypothesis, search, stopped, progress });
  return decide({ input, ports, chosen, hypothesis, search, population, stopped, progress });
}

async function calibrate(
  { config, incumbent, benchmarks, experimentId }: RunInput,
  { evaluator, store }: RunPorts,
  progress: RunProgress,
): Promise<{ calibration: Calibration | null; stopped: StopReason | null }> {
  const stored = calibration.safeParse(await store.readStep(0, "calibrate"));
  if (stored.success) {
    progress.add(stored.data.measurements);
    return { calibration: stored.data, stopped: null };
  }
  const split = splitBenchmarks(benchmarks, config);
  const sample = benchmarksOf(benchmarks, split.calibration);
  const id = experimentId("calibrate", 0, incumbent.id);
  const repeats = config.experiment.calibrationRepeats;
  const repeatOffset = repeatOffsets.calibrate;
  await progress.begin("calibrate", 0, sample.length * repeats);
  await store.startExperiment({
    id,
    kind: "calibrate",
    generation: 0,
    promptId: incumbent.id,
    baselinePromptId: null,
    benchmarkIds: split.calibration,
    controlIds: [],
    repeats,
    repeatOffset,
  });
  const orders = ordersFor(incumbent, sample, {
    offset: repeatOffset,
    repeats,
    arm: "baseline",
    experimentId: id,
  });
  const first = await measure(evaluator, orders);
  progress.add(first.measurements);
  if (first.stopped !== null) return { calibration: null, stopped: first.stopped };
  const toAdmit = controlsToAdmit(split, first.measurements, config);
  const admission = await measure(
    evaluator,
    ordersFor(incumbent, benchmarksOf(benchmarks, toAdmit), {
      offset: repeatOffset + repeats,
      repeats: config.experiment.controlAdmissionRepeats,
      arm: "baseline",
      experimentId: id,
    }),
  );
  progress.add(admission.measurements);
  if (admission.stopped !== null) return { calibration: null, stopped: admission.stopped };
  const measurements = [...first.measurements, ...admission.measurements];
  const chosen = chooseBenchmarks(split, measurements, config);
  const successes = measurements.filter((m) => m.success).length;
  await store.finishExperiment(id, { trials: measurements.length, successes }, null);
  await store.writeStep(0, "calibrate", chosen);
  return { calibration: chosen, stopped: null };
}

async function explain(
  { agent, config, journalRuns }: RunInput,
  { store }: RunPorts,
  chosen: Calibration,
  traces: readonly EvidenceRun[],
): Promise<Hypothesis> {
  const evidence = config.evidence === "journal" && journalRuns.length > 0 ? journalRuns : traces;
  const sealed = new Set(chosen.split.holdout);
  const visible = evidence.filter(
    (run) => run.benchmarkId === null || !sealed.has(run.benchmarkId),
  );
  const hypothesis = hypothesize(visible, agent);
  await store.writeInsights(hypothesis.insights);
  await store.writeStep(0, "hypothesize", {
    insights: hypothesis.insights,
    coach: hypothesis.coach,
    clusters: hypothesis.clusters.map(({ runs, ...cluster }) => ({
      ...cluster,
      runs: runs.length,
    })),
    summary: hypothesis.summary,
  });
  return hypothesis;
}

interface Decision {
  input: RunInput;
  ports: RunPorts;
  chosen: Calibration;
  hypothesis: Hypothesis;
  search: PromptSearch;
  population: readonly IndividualRecord[];
  stopped: EndReason | null;
  progress: RunProgress;
}

async function decide(decision: Decision): Promise<RunOutcome> {
  const { input, ports, chosen, hypothesis, search, population, stopped, progress } = decision;
  const { config, incumbent, benchmarks, experimentId } = input;
  const generation = search.reports.length - 1;
  const size = confirmationSize(chosen);
  const leftUsd = config.budget.runCapUsd - search.spentUsd;
  const finalists = affordableFinalists(population, incumbent.id, size, { config, leftUsd });
  const perArm = confirmationTrialsOfArm(config, size);
  const planned = finalists.length === 0 ? 0 : (finalists.length + 1) * perArm;
  await progress.begin("confirm", generation, planned);
  const confirmation = await confirm(
    {
      config,
      generation,
      incumbent,
      finalists: finalists.map((id) => search.requirePrompt(id)),
      targets: benchmarksOf(benchmarks, chosen.targets),
      controls: benchmarksOf(benchmarks, chosen.controls),
      holdout: benchmarksOf(benchmarks, chosen.split.holdout),
      calibrated: chosen.measurements,
      experimentId: (promptId) => experimentId("confirm", generation, promptId),
    },
    ports,
  );
  if (confirmation.stopped !== null) {
    return outcomeOf({
      hypothesis,
      search,
      stopped: confirmation.stopped,
      progress,
    });
  }
  progress.add(confirmation.measurements);
  await progress.begin("promote", generation);
  const candidates = await promote(confirmation.results, ports.store);
  return outcomeOf({
    hypothesis,
    search,
    stopped,
    progress,
    finalists: confirmation.results,
    candidates,
  });
}

function outcomeOf(parts: {
  stopped: EndReason | null;
  progress: RunProgress;
  hypothesis?: Hypothesis;
  search?: PromptSearch;
  finalists?: RunOutcome["finalists"];
  candidates?: RunOutcome["candidates"];
}): RunOutcome {
  const { stopped, progress, hypothesis, search, finalists = [], candidates = [] } = parts;
  const generations = search?.reports ?? [];
  return {
    summary: summaryOf({
      stopped,
      generations: generations.length,
      finalists: finalists.length,
      candidates: candidates.length,
      fault: progress.faults.sentenceFor(stopped),
    }),
    stopped,
    incumbentObjectives: search?.incumbentObjectives() ?? null,
    insights: hypothesis?.insights ?? [],
    coach: hypothesis?.coach ?? null,
    generations: [...generations],
    finalists,
    candidates,
    trials: progress.trials,
    costUsd: progress.costUsd,
  };
}

function benchmarksOf(benchmarks: readonly Benchmark[], ids: readonly string[]): Benchmark[] {
  const byId = new Map(benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
