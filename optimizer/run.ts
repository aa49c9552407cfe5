/**
 * One optimization from observation to nomination. Steps run in a fixed order; the output of each that decides
 * something is stored before the next begins, and trials and replies are stored under their own keys. So a killed
 * process that runs this function again arrives at the identical result without paying twice.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { CoachVerdict, Insight } from "#lib/domain/insight.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import type { OptimizationConfig, OptimizationStep } from "#lib/domain/optimization.ts";
import { invariant } from "#lib/errors.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { EvidenceRun } from "./evidence.ts";
import {
  type Calibration,
  calibration,
  chooseBenchmarks,
  splitBenchmarks,
} from "./loop/calibrate.ts";
import { chooseFinalists, confirm } from "./loop/confirm.ts";
import {
  frontHypervolume,
  type ScoredPrompt,
  scorePrompt,
  survive,
  type Yardstick,
} from "./loop/evaluate.ts";
import { experiment } from "./loop/experiment.ts";
import { type Hypothesis, hypothesize } from "./loop/hypothesize.ts";
import {
  type Breeder,
  type MutateInput,
  type Mutation,
  mutate,
  mutation,
  type RefusedChild,
} from "./loop/mutate.ts";
import { type Finalist, promote } from "./loop/promote.ts";
import {
  byPrompt,
  type Measurement,
  measure,
  ordersFor,
  passCounts,
  repeatOffsets,
  type StopReason,
} from "./measurement.ts";
import { firstPopulationPlan, weightedOperators } from "./operators/mix.ts";
import type {
  AgentProfile,
  Completer,
  Evaluator,
  IndividualRecord,
  RunStore,
  SearchPrompt,
} from "./ports.ts";
import { shouldStop } from "./stop.ts";

export interface RunInput {
  config: OptimizationConfig;
  agent: AgentProfile;
  incumbent: SearchPrompt;
  /** The suite in a stable order. */
  benchmarks: readonly Benchmark[];
  /** Production runs to learn from besides the calibration, frozen when the run was created. */
  journalRuns: readonly EvidenceRun[];
  /** Traces of the calibration trials, for the hypotheses. */
  calibrationTraces: (measurements: readonly Measurement[]) => Promise<EvidenceRun[]>;
  /** Demonstrations from runs on benchmarks that score no child. */
  mineExamples: (
    benchmarkIds: readonly string[],
    traces: readonly EvidenceRun[],
  ) => FewShotExample[];
  /** Identity of an experiment row as a pure function of its place in the run. */
  experimentId: (
    kind: "calibrate" | "search" | "confirm" | "holdout",
    generation: number,
    promptId: string,
  ) => string;
}

export interface RunPorts {
  evaluator: Evaluator;
  completer: Completer;
  store: RunStore;
}

export interface GenerationReport {
  number: number;
  hypervolume: number;
  individuals: IndividualRecord[];
  refused: RefusedChild[];
}

export interface RunOutcome {
  /** In words: why the run ended and what it leaves. */
  summary: string;
  stopped: StopReason | "nothing-to-improve" | "stalled" | null;
  incumbentObjectives: Objectives | null;
  insights: Insight[];
  coach: CoachVerdict | null;
  generations: GenerationReport[];
  finalists: Finalist[];
  candidates: Finalist[];
  trials: number;
}

/** Runs or resumes one optimization. */
export async function runOptimization(input: RunInput, ports: RunPorts): Promise<RunOutcome> {
  const run = new OptimizationRun(input, ports);
  return run.execute();
}

class OptimizationRun {
  private readonly measurements: Measurement[] = [];
  private readonly prompts = new Map<string, SearchPrompt>();
  private readonly byId: ReadonlyMap<string, Benchmark>;
  private readonly reports: GenerationReport[] = [];
  private trials = 0;

  constructor(
    private readonly input: RunInput,
    private readonly ports: RunPorts,
  ) {
    this.byId = new Map(input.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
    this.prompts.set(input.incumbent.id, input.incumbent);
  }

  async execute(): Promise<RunOutcome> {
    const calibrated = await this.calibrate();
    if (calibrated.stopped !== null || calibrated.calibration === null) {
      return this.outcome(null, [], [], calibrated.stopped);
    }
    const traces = await this.input.calibrationTraces(calibrated.calibration.measurements);
    const hypothesis = await this.hypothesize(calibrated.calibration, traces);
    if (calibrated.calibration.targets.length === 0) {
      return this.outcome(hypothesis, [], [], "nothing-to-improve");
    }
    const examples = this.input.mineExamples(calibrated.calibration.examplePool, traces);
    const { population, stopped } = await this.search(calibrated.calibration, hypothesis, examples);
    if (stopped !== null && stopped !== "stalled") return this.outcome(hypothesis, [], [], stopped);
    return this.decide(calibrated.calibration, hypothesis, population, stopped);
  }

  private async calibrate(): Promise<{
    calibration: Calibration | null;
    stopped: StopReason | null;
  }> {
    const { config, incumbent, benchmarks, experimentId } = this.input;
    const stored = calibration.safeParse(await this.ports.store.readStep(0, "calibrate"));
    if (stored.success) {
      this.trials += stored.data.measurements.length;
      return { calibration: stored.data, stopped: null };
    }
    const split = splitBenchmarks(benchmarks, config);
    const sample = this.benchmarksOf(split.calibration);
    const id = experimentId("calibrate", 0, incumbent.id);
    await this.progress("calibrate", 0, sample.length * config.experiment.calibrationRepeats);
    await this.ports.store.startExperiment({
      id,
      kind: "calibrate",
      generation: 0,
      promptId: incumbent.id,
      baselinePromptId: null,
      benchmarkIds: split.calibration,
      controlIds: [],
      repeats: config.experiment.calibrationRepeats,
      repeatOffset: repeatOffsets.calibrate,
    });
    const orders = ordersFor(incumbent, sample, {
      offset: repeatOffsets.calibrate,
      repeats: config.experiment.calibrationRepeats,
      arm: "baseline",
      experimentId: id,
    });
    const { measurements, stopped } = await measure(this.ports.evaluator, orders);
    this.trials += measurements.length;
    if (stopped !== null) return { calibration: null, stopped };
    const chosen = chooseBenchmarks(split, measurements, config);
    await this.ports.store.finishExperiment(id, { trials: measurements.length }, null);
    await this.ports.store.writeStep(0, "calibrate", chosen);
    return { calibration: chosen, stopped: null };
  }

  private async hypothesize(
    chosen: Calibration,
    traces: readonly EvidenceRun[],
  ): Promise<Hypothesis> {
    const { agent, config, journalRuns } = this.input;
    const evidence = config.evidence === "journal" && journalRuns.length > 0 ? journalRuns : traces;
    const sealed = new Set(chosen.split.holdout);
    const visible = evidence.filter(
      (run) => run.benchmarkId === null || !sealed.has(run.benchmarkId),
    );
    const hypothesis = hypothesize(visible, agent);
    await this.ports.store.writeInsights(hypothesis.insights);
    await this.ports.store.writeStep(0, "hypothesize", {
      insights: hypothesis.insights,
      coach: hypothesis.coach,
      clusters: hypothesis.clusters.map(({ signature, statement, runs, severity }) => ({
        signature,
        statement,
        runs: runs.length,
        severity,
      })),
      summary: hypothesis.summary,
    });
    return hypothesis;
  }

  private async search(
    chosen: Calibration,
    hypothesis: Hypothesis,
    examples: readonly FewShotExample[],
  ): Promise<{ population: IndividualRecord[]; stopped: StopReason | "stalled" | null }> {
    const { config, incumbent } = this.input;
    let population: IndividualRecord[] = [];
    for (let generation = 0; generation <= config.generations; generation++) {
      if (await this.ports.store.isStopRequested()) return { population, stopped: "stopped" };
      const children = await this.mutate(generation, population, chosen, hypothesis, examples);
      const stopped = await this.experiment(generation, population, children.childIds, chosen);
      if (stopped !== null) return { population, stopped };
      const yardstick = this.yardstick(chosen);
      const pool = [
        ...new Set([incumbent.id, ...population.map((p) => p.promptId), ...children.childIds]),
      ];
      const individuals = survive(this.scored(pool, yardstick), config.populationSize);
      const baseline = scorePrompt(incumbent.id, yardstick.incumbent, yardstick);
      const hypervolume = frontHypervolume(individuals, baseline.objectives);
      await this.ports.store.writeGeneration(generation, hypervolume, individuals);
      this.reports.push({
        number: generation,
        hypervolume,
        individuals,
        refused: children.refused,
      });
      population = individuals.filter((individual) => individual.survived);
      if (shouldStop(this.reports.map((report) => report.hypervolume)))
        return { population, stopped: "stalled" };
    }
    return { population, stopped: null };
  }

  private async mutate(
    generation: number,
    population: readonly IndividualRecord[],
    chosen: Calibration,
    hypothesis: Hypothesis,
    examples: readonly FewShotExample[],
  ): Promise<Mutation> {
    const { store } = this.ports;
    const stored = mutation.safeParse(await store.readStep(generation, "mutate"));
    let result: Mutation;
    if (stored.success) result = stored.data;
    else {
      await this.progress("mutate", generation, 0);
      result = await mutate(
        this.mutateInput(generation, population, chosen, hypothesis, examples),
        this.ports,
      );
      await store.writeStep(generation, "mutate", result);
    }
    for (const prompt of await store.loadPrompts(result.childIds))
      this.prompts.set(prompt.id, prompt);
    await store.markExperimental(result.childIds);
    return result;
  }

  private mutateInput(
    generation: number,
    population: readonly IndividualRecord[],
    chosen: Calibration,
    hypothesis: Hypothesis,
    examples: readonly FewShotExample[],
  ): MutateInput {
    const { config, agent, incumbent } = this.input;
    const first = generation === 0;
    const breeders = first
      ? [
          this.breeder({
            promptId: incumbent.id,
            rank: 0,
            crowdingDistance: Number.POSITIVE_INFINITY,
          }),
        ]
      : population.map((individual) => this.breeder(individual));
    return {
      config,
      agent,
      generation,
      population: breeders,
      plan: first ? firstPopulationPlan(agent, config.populationSize - 1) : null,
      operators: weightedOperators(agent),
      offspringSize: first ? config.populationSize - 1 : config.offspringSize,
      clusters: hypothesis.clusters,
      failureSummary: hypothesis.summary,
      section: hypothesis.coach?.tune === agent.name ? hypothesis.coach.section : null,
      rejected: this.rejectedEdits(),
      examples,
      benchmarkTexts: this.benchmarksOf([...chosen.targets, ...chosen.controls]).map(
        (b) => b.input,
      ),
    };
  }

  private breeder(individual: {
    promptId: string;
    rank: number;
    crowdingDistance: number;
  }): Breeder {
    const prompt = this.requirePrompt(individual.promptId);
    const counts = passCounts(this.measurements.filter((m) => m.promptId === prompt.id));
    const passRates = new Map([...counts].map(([id, { passes, trials }]) => [id, passes / trials]));
    const { rank, crowdingDistance } = individual;
    return { id: prompt.id, genome: prompt.genome, passRates, rank, crowdingDistance };
  }

  /** What was tried and lost, newest last, in one line each: the proposer should not try it again. */
  private rejectedEdits(): string[] {
    return this.reports
      .flatMap((report) => report.refused)
      .filter((refusal) => refusal.guard === "sanity" || refusal.guard === "copy")
      .slice(-5)
      .map((refusal) => `${refusal.operator}: ${refusal.reason}`);
  }

  private async experiment(
    generation: number,
    population: readonly IndividualRecord[],
    childIds: readonly string[],
    chosen: Calibration,
  ): Promise<StopReason | null> {
    const { config, incumbent, experimentId } = this.input;
    const benchmarks = chosen.targets.length + chosen.controls.length;
    const front = population.filter((p) => p.rank === 0 && p.promptId !== incumbent.id);
    const reevaluate = front.flatMap(({ promptId }) => {
      const repeats = this.repeatsOf(promptId, chosen);
      return repeats < config.experiment.reevaluationRepeatsMax
        ? [{ prompt: this.requirePrompt(promptId), repeats }]
        : [];
    });
    const baseline = generation === 0 ? config.experiment.reevaluationRepeatsMax : 0;
    const rounds = baseline + childIds.length * config.experiment.searchRepeats + reevaluate.length;
    await this.progress("experiment", generation, rounds * benchmarks);
    const { measurements, stopped } = await experiment(
      {
        config,
        generation,
        incumbent,
        children: childIds.map((id) => this.requirePrompt(id)),
        reevaluate,
        targets: this.benchmarksOf(chosen.targets),
        controls: this.benchmarksOf(chosen.controls),
        experimentId: (number, promptId) => experimentId("search", number, promptId),
      },
      this.ports,
    );
    this.measurements.push(...measurements);
    this.trials += measurements.length;
    return stopped;
  }

  private async decide(
    chosen: Calibration,
    hypothesis: Hypothesis,
    population: readonly IndividualRecord[],
    stopped: "stalled" | null,
  ): Promise<RunOutcome> {
    const { config, incumbent, experimentId } = this.input;
    const generation = this.reports.length - 1;
    const finalists = chooseFinalists(population, incumbent.id, config.experiment.finalistsMax);
    const { confirmRepeats, holdoutRepeats } = config.experiment;
    const perArm =
      (chosen.targets.length + chosen.controls.length) * confirmRepeats +
      chosen.split.holdout.length * holdoutRepeats;
    await this.progress(
      "confirm",
      generation,
      finalists.length === 0 ? 0 : (finalists.length + 1) * perArm,
    );
    const confirmation = await confirm(
      {
        config,
        generation,
        incumbent,
        finalists: finalists.map((id) => this.requirePrompt(id)),
        targets: this.benchmarksOf(chosen.targets),
        controls: this.benchmarksOf(chosen.controls),
        holdout: this.benchmarksOf(chosen.split.holdout),
        experimentId: (kind, promptId) => experimentId(kind, generation, promptId),
      },
      this.ports,
    );
    if (confirmation.stopped !== null)
      return this.outcome(hypothesis, [], [], confirmation.stopped);
    this.trials += finalists.length === 0 ? 0 : (finalists.length + 1) * perArm;
    await this.progress("promote", generation, 0);
    const candidates = await promote(confirmation.results, this.ports.store);
    return this.outcome(
      hypothesis,
      confirmation.results,
      candidates,
      stopped,
      this.yardstick(chosen),
    );
  }

  private yardstick(chosen: Calibration): Yardstick {
    const calibrated = passCounts(chosen.measurements);
    const overall =
      chosen.measurements.filter((m) => m.success).length / Math.max(1, chosen.measurements.length);
    const priorRates = new Map(
      [...calibrated].map(([id, { passes, trials }]) => [id, (passes + overall) / (trials + 1)]),
    );
    return {
      benchmarkIds: [...chosen.targets, ...chosen.controls],
      controlIds: chosen.controls,
      incumbent: this.measurements.filter((m) => m.promptId === this.input.incumbent.id),
      priorRates,
    };
  }

  private scored(promptIds: readonly string[], yardstick: Yardstick): ScoredPrompt[] {
    const groups = byPrompt(this.measurements);
    return promptIds.map((id) => scorePrompt(id, groups.get(id) ?? [], yardstick));
  }

  /** Whole rounds over all scored benchmarks that a prompt has behind it. */
  private repeatsOf(promptId: string, chosen: Calibration): number {
    const counts = passCounts(this.measurements.filter((m) => m.promptId === promptId));
    return Math.min(...chosen.targets.map((id) => counts.get(id)?.trials ?? 0));
  }

  private benchmarksOf(ids: readonly string[]): Benchmark[] {
    return ids.flatMap((id) => this.byId.get(id) ?? []);
  }

  private requirePrompt(id: string): SearchPrompt {
    const prompt = this.prompts.get(id);
    invariant(prompt !== undefined, `prompt ${id} is not part of this run`);
    return prompt;
  }

  private progress(step: OptimizationStep, generation: number, trials: number): Promise<void> {
    return this.ports.store.reportProgress({
      step,
      generation,
      trialsPlanned: this.trials + trials,
    });
  }

  private outcome(
    hypothesis: Hypothesis | null,
    finalists: Finalist[],
    candidates: Finalist[],
    stopped: RunOutcome["stopped"],
    yardstick: Yardstick | null = null,
  ): RunOutcome {
    return {
      summary: summaryOf(stopped, this.reports.length, finalists.length, candidates.length),
      stopped,
      incumbentObjectives:
        yardstick === null
          ? null
          : (this.scored([this.input.incumbent.id], yardstick)[0]?.objectives ?? null),
      insights: hypothesis?.insights ?? [],
      coach: hypothesis?.coach ?? null,
      generations: this.reports,
      finalists,
      candidates,
      trials: this.trials,
    };
  }
}

const stopWords: Record<NonNullable<RunOutcome["stopped"]>, string> = {
  "day-cap":
    "The day's budget is reached: nothing more is scheduled, everything measured so far is kept.",
  "run-cap":
    "The run's budget is reached: nothing more is scheduled, everything measured so far is kept.",
  stopped: "Stopped on request; everything measured so far is kept.",
  "provider-down":
    "Most model calls failed: the provider seems to be down. Start again when it answers.",
  "nothing-to-improve":
    "No benchmark failed in most of its calibration runs: there is nothing to improve.",
  stalled: "The front stopped growing before the last generation.",
};

function summaryOf(
  stopped: RunOutcome["stopped"],
  generations: number,
  finalists: number,
  candidates: number,
): string {
  const end = stopped === null ? "" : `${stopWords[stopped]} `;
  if (stopped !== null && stopped !== "stalled")
    return `${end}Generations finished: ${generations}.`;
  const verdict =
    candidates === 0
      ? `None of ${finalists} finalists was confirmed better; the incumbent stays.`
      : `${candidates} of ${finalists} finalists ${candidates === 1 ? "waits" : "wait"} for review.`;
  return `${end}${generations} populations evaluated. ${verdict}`;
}
