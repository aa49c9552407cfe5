/**
 * One optimization from calibration to nomination. Steps run in a fixed order; the output of each that decides
 * something is stored before the next begins, and trials and replies are stored under their own keys. So a killed
 * process that runs this function again arrives at the identical result without paying twice.
 */

import type { Benchmark } from "#lib/domain/benchmark.ts";
import { planStages, type StagePlan, suiteFacts } from "#lib/optimizations/stage-plan.ts";
import { type CallLimit, limitCalls } from "./call-limit.ts";
import type { EvidenceRun } from "./evidence.ts";
import { FaultLog } from "./faults.ts";
import { learningOrder } from "./learning-rows.ts";
import {
  type Calibration,
  calibration,
  chooseBenchmarks,
  controlsToAdmit,
  differingPairs,
} from "./loop/calibrate.ts";
import { requireUnseen } from "./loop/entrants.ts";
import { examplePool } from "./loop/example-pool.ts";
import { type Hypothesis, hypothesize } from "./loop/hypothesize.ts";
import { promote } from "./loop/promote.ts";
import { sizesOf } from "./loop/search-sizes.ts";
import { type Measurement, measure, ordersFor, type StopReason } from "./measurement.ts";
import type { IndividualRecord, SearchPrompt } from "./ports.ts";
import { PromptSearch } from "./prompt-search.ts";
import { prove } from "./proof/prove.ts";
import {
  type EndReason,
  endsWithoutVerdict,
  type RunInput,
  type RunOutcome,
  type RunPorts,
  summaryOf,
} from "./run-contract.ts";
import { RunProgress } from "./run-progress.ts";

/** One run: its input, its ports behind the limit of calls, and what it has counted. */
interface Run {
  input: RunInput;
  ports: RunPorts;
  limit: CallLimit;
  progress: RunProgress;
}

/** Runs or resumes one optimization, or the proof of prompts that people wrote. */
export async function runOptimization(input: RunInput, ports: RunPorts): Promise<RunOutcome> {
  const faults = new FaultLog();
  const limit = limitCalls(faults.listen(ports.evaluator), input.config.calls);
  const run: Run = {
    input,
    ports: { ...ports, evaluator: limit.evaluator },
    limit,
    progress: new RunProgress(ports.store, faults),
  };
  const { progress } = run;
  const entrants = await loadEntrants(input, ports);
  const learnt = await calibrate(run);
  if (learnt.calibration === null)
    return outcomeOf({ stopped: learnt.stopped, progress, proves: entrants.length });
  const chosen = learnt.calibration;
  const plan = planOf(input, chosen.repeats);
  if (entrants.length > 0)
    return decide(run, { chosen, plan, finalists: entrants, generation: 0, stopped: null });
  const traces = await input.tracesOf(input.incumbent, chosen.measurements);
  await progress.begin("hypothesize", 0);
  const hypothesis = await explain(input, ports, traces);
  if (chosen.targets.length === 0) {
    return outcomeOf({ hypothesis, stopped: "nothing-to-improve", progress });
  }
  // Without a trial to race them nobody is asked for new prompts.
  if (plan.race.trials === 0) return outcomeOf({ hypothesis, stopped: "calls-spent", progress });
  const { scoringRows } = sizesOf(input.config, plan, chosen.order.length);
  const pool = examplePool(input.benchmarks, {
    candidates: chosen.order.slice(scoringRows),
    scoring: chosen.order.slice(0, scoringRows),
  });
  const search = new PromptSearch(input, run.ports, {
    calibration: chosen,
    hypothesis,
    examples: input.mineExamples(pool, traces),
    progress,
    plan,
    ordered: run.limit.ordered(),
  });
  const { population, finalists, stopped } = await search.run();
  if (endsWithoutVerdict(stopped)) return outcomeOf({ hypothesis, search, stopped, progress });
  return decide(run, {
    chosen,
    plan,
    hypothesis,
    search,
    finalists: finalists.map((id) => search.requirePrompt(id)),
    population,
    generation: search.reports.length - 1,
    stopped,
  });
}

/** The prompts that people named for the proof, checked before anything is paid; none in a search. */
async function loadEntrants(
  { config, incumbent, benchmarks }: RunInput,
  { store }: RunPorts,
): Promise<SearchPrompt[]> {
  if (config.prove.length === 0) return [];
  const entrants = await store.loadPrompts(config.prove);
  const sealed = benchmarks.filter((benchmark) => benchmark.sealed);
  requireUnseen(entrants, incumbent, sealed);
  await store.markExperimental(config.prove);
  return entrants;
}

function planOf(
  { config, benchmarks, agent }: Pick<RunInput, "config" | "benchmarks" | "agent">,
  repeats: Calibration["repeats"] | "unknown" = agent.repeats ?? "unknown",
): StagePlan {
  return planStages({
    config,
    suite: suiteFacts(benchmarks),
    repeats,
    hasRequired: benchmarks.some(({ required, sealed }) => required && !sealed),
  });
}

/** Today's prompt on learning rows; where nobody declared it, also whether repeats differ. */
async function calibrate(
  run: Run,
): Promise<{ calibration: Calibration | null; stopped: StopReason | null }> {
  const { input, ports, limit, progress } = run;
  const { config, incumbent, benchmarks, agent, experimentId } = input;
  const stored = calibration.safeParse(await ports.store.readStep(0, "calibrate"));
  if (stored.success) {
    const fromJournal = new Set(stored.data.journalRows);
    const ordered = stored.data.measurements.filter(
      ({ benchmarkId, repeat }) => repeat > 0 || !fromJournal.has(benchmarkId),
    );
    limit.note(ordered);
    progress.add(ordered);
    return { calibration: stored.data, stopped: null };
  }
  const order = learningOrder(benchmarks, config.seed);
  const plan = planOf(input);
  const sample = order.slice(0, plan.learning.rows);
  const id = experimentId("calibrate", 0, incumbent.id);
  await progress.begin("calibrate", 0, plan.learning.trials + plan.probe.trials);
  await ports.store.startExperiment({
    id,
    kind: "calibrate",
    generation: 0,
    promptId: incumbent.id,
    baselinePromptId: null,
    benchmarkIds: sample.map((benchmark) => benchmark.id),
    controlIds: [],
    repeats: plan.learning.repeats,
    repeatOffset: 0,
  });
  const measured = new Set(sample.map((benchmark) => benchmark.id));
  const known = input.knownOutcomes.filter(({ benchmarkId }) => measured.has(benchmarkId));
  const journalRows = known.map(({ benchmarkId }) => benchmarkId);
  const measurements: Measurement[] = [];
  const runs = async (rows: readonly Benchmark[], from: number, repeats: number) => {
    const orders = ordersFor(incumbent, rows, {
      offset: from,
      repeats,
      arm: "baseline",
      experimentId: id,
    });
    const answered = await measure(ports.evaluator, orders);
    measurements.push(...answered.measurements);
    progress.add(answered.measurements);
    return answered.stopped;
  };
  // The probe's rows are the first of the learning: their first runs are not ordered twice.
  let stopped = await runs(sample.slice(0, plan.probe.rows), 0, 2);
  if (stopped !== null) return { calibration: null, stopped };
  const probe = plan.probe.rows === 0 ? null : differingPairs(measurements);
  const repeats =
    agent.repeats ?? (probe !== null && probe.pairs > 0 && probe.differed === 0 ? "same" : "vary");
  const sizes = planOf(input, repeats);
  // What production has shown of a row needs no trial; the probe's rows ran anyway.
  const rest = sample.slice(plan.probe.rows);
  const unknown = rest.filter((benchmark) => !journalRows.includes(benchmark.id));
  stopped = await runs(unknown, 0, sizes.learning.repeats);
  const probed = new Set(sample.slice(0, plan.probe.rows).map((benchmark) => benchmark.id));
  measurements.push(...known.filter(({ benchmarkId }) => !probed.has(benchmarkId)));
  if (stopped !== null) return { calibration: null, stopped };
  const byId = new Map(order.map((benchmark) => [benchmark.id, benchmark]));
  const admitted = controlsToAdmit(order, measurements, sizes.learning).flatMap(
    (rowId) => byId.get(rowId) ?? [],
  );
  const begun = Math.max(sizes.learning.repeats, plan.probe.rows > 0 ? 2 : 1);
  stopped = await runs(admitted, begun, sizes.learning.controlRepeats);
  if (stopped !== null) return { calibration: null, stopped };
  const chosen: Calibration = {
    repeats,
    probe,
    order: order.map((benchmark) => benchmark.id),
    measurements,
    journalRows: journalRows.filter((rowId) => !probed.has(rowId)),
    ...chooseBenchmarks(order, measurements, { ...sizes.learning, ...sizes.guards }),
  };
  const successes = measurements.filter((m) => m.success).length;
  const results = { trials: measurements.length, successes };
  await ports.store.finishExperiment(id, results, null);
  await ports.store.writeStep(0, "calibrate", chosen);
  return { calibration: chosen, stopped: null };
}

async function explain(
  { agent, config, journalRuns, benchmarks }: RunInput,
  { store }: RunPorts,
  traces: readonly EvidenceRun[],
): Promise<Hypothesis> {
  const evidence = config.evidence === "journal" && journalRuns.length > 0 ? journalRuns : traces;
  const sealed = new Set(benchmarks.filter((benchmark) => benchmark.sealed).map(({ id }) => id));
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
  chosen: Calibration;
  plan: StagePlan;
  finalists: readonly SearchPrompt[];
  generation: number;
  stopped: EndReason | null;
  hypothesis?: Hypothesis;
  search?: PromptSearch;
  population?: readonly IndividualRecord[];
}

/** Proves the finalists and hands over what was proven. */
async function decide(
  { input, ports, progress }: Run,
  { chosen, plan, finalists, generation, stopped, ...found }: Decision,
): Promise<RunOutcome> {
  const { config, incumbent, benchmarks, agent, judge, experimentId } = input;
  const planned = finalists.length === 0 ? 0 : plan.proof.trials + plan.guards.trials;
  await progress.begin("confirm", generation, planned);
  const proof = await prove(
    {
      config,
      plan,
      repeats: chosen.repeats,
      generation,
      incumbent,
      finalists: finalists.slice(0, plan.proof.finalists),
      targets: benchmarksOf(benchmarks, chosen.targets.slice(0, plan.guards.targets)),
      controls: benchmarksOf(benchmarks, chosen.controls),
      benchmarks,
      sealedGroups: suiteFacts(benchmarks).sealedGroups,
      learnt: chosen.measurements,
      margin: agent.nonInferiorityMargin,
      judge,
      experimentId: (promptId) => experimentId("confirm", generation, promptId),
    },
    ports,
  );
  const proves = config.prove.length;
  if (proof.stopped !== null)
    return outcomeOf({ ...found, stopped: proof.stopped, progress, proves });
  progress.add(proof.measurements);
  await progress.begin("promote", generation);
  const candidates = await promote(proof.results, ports.store);
  if (proves > 0) {
    const proven = new Set(candidates.map(({ promptId }) => promptId));
    await ports.store.withdraw(proof.results.filter(({ promptId }) => !proven.has(promptId)));
  }
  return outcomeOf({ ...found, stopped, progress, proves, finalists: proof.results, candidates });
}

function outcomeOf(parts: {
  stopped: EndReason | null;
  progress: RunProgress;
  hypothesis?: Hypothesis;
  search?: PromptSearch;
  /** Prompts of a proof without a search. */
  proves?: number;
  finalists?: RunOutcome["finalists"];
  candidates?: RunOutcome["candidates"];
}): RunOutcome {
  const { stopped, progress, hypothesis, search, finalists = [], candidates = [] } = parts;
  const generations = search?.reports ?? [];
  return {
    summary: summaryOf({
      stopped,
      proves: parts.proves ?? 0,
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
