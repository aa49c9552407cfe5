/**
 * The search of one run: NSGA-II over prompts. It keeps what was measured so far and turns it into populations; the
 * steps themselves (mutate, experiment, evaluate) depend only on stored input, the seed and the ports.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import { invariant } from "#lib/errors.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { Calibration } from "./loop/calibrate.ts";
import {
  asIndividual,
  frontHypervolume,
  type ScoredPrompt,
  scorePrompt,
  type Yardstick,
} from "./loop/evaluate.ts";
import { experiment } from "./loop/experiment.ts";
import type { Hypothesis } from "./loop/hypothesize.ts";
import {
  type MutateInput,
  type Mutation,
  mutate,
  mutation,
  type RefusedChild,
} from "./loop/mutate.ts";
import type { Breeder } from "./loop/parents.ts";
import {
  confirmationCostUsd,
  confirmationSize,
  confirmationTrials,
  costMargin,
} from "./loop/plan-confirmation.ts";
import {
  byPrompt,
  type Measurement,
  passCounts,
  type StopReason,
  trialKey,
} from "./measurement.ts";
import { Lineage } from "./memory/lineage.ts";
import { runNsga2 } from "./nsga2/nsga2.ts";
import type { Individual, RankedIndividual } from "./nsga2/select.ts";
import { firstPopulationPlan, weightedOperators } from "./operators/mix.ts";
import { type IndividualRecord, type SearchPrompt, SpendingRefused } from "./ports.ts";
import type { EndReason, GenerationReport, RunInput, RunPorts } from "./run-contract.ts";
import type { RunProgress } from "./run-progress.ts";
import { hasStalled } from "./stop.ts";

/** What the search works on, decided before it begins. */
export interface SearchBasis {
  calibration: Calibration;
  hypothesis: Hypothesis;
  examples: readonly FewShotExample[];
  progress: RunProgress;
}

type Parents = readonly RankedIndividual<ScoredPrompt>[];

const seedParent = { rank: 0, crowdingDistance: Number.POSITIVE_INFINITY };

export class PromptSearch {
  readonly reports: GenerationReport[] = [];
  private readonly measurements: Measurement[] = [];
  private readonly known = new Set<string>();
  private spentBefore = 0;
  private readonly lineage = new Lineage();
  private earlier: SearchPrompt[] | null = null;
  private readonly prompts = new Map<string, SearchPrompt>();
  private readonly targets: Benchmark[];
  private readonly controls: Benchmark[];

  constructor(
    private readonly input: RunInput,
    private readonly ports: RunPorts,
    private readonly basis: SearchBasis,
  ) {
    this.prompts.set(input.incumbent.id, input.incumbent);
    this.spentBefore = basis.progress.costUsd;
    const byId = new Map(input.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
    this.targets = basis.calibration.targets.flatMap((id) => byId.get(id) ?? []);
    this.controls = basis.calibration.controls.flatMap((id) => byId.get(id) ?? []);
  }

  /** Evolves the population; the last one survives also a search that was stopped. */
  async run(): Promise<{ population: IndividualRecord[]; stopped: EndReason | null }> {
    const { config } = this.input;
    let stopped: EndReason | null = null;
    let refused: RefusedChild[] = [];
    const last = await runNsga2<ScoredPrompt>({
      populationSize: config.populationSize,
      generations: config.generations,
      vary: async (parents, generation) => {
        if (await this.ports.store.isStopRequested()) stopped = "stopped";
        if (stopped !== null) return [];
        const children = await this.mutate(parents, generation);
        if ("stopped" in children) {
          stopped = children.stopped;
          return [];
        }
        refused = children.refused;
        return children.childIds.map(unscored);
      },
      assess: async (parents, offspring, generation) => {
        const childIds = offspring.map((child) => child.promptId);
        stopped ??= await this.experiment(parents, childIds, generation);
        return stopped === null ? this.pool(parents, childIds) : null;
      },
      onGeneration: async (pool, generation) => {
        await this.report(generation, pool, refused);
        if (generation === config.generations) return false;
        if (hasStalled(this.reports.map((report) => report.hypervolume))) stopped = "stalled";
        else if (this.ports.isOverTime()) stopped = "wall-clock";
        else if (this.needsTheMoneyForTheProof(pool)) stopped = "money-kept";
        return stopped === null;
      },
    });
    return { population: recordsOf(last), stopped };
  }

  requirePrompt(id: string): SearchPrompt {
    const prompt = this.prompts.get(id);
    invariant(prompt !== undefined, `prompt ${id} is not part of this run`);
    return prompt;
  }

  /** Today's prompt by the same measure as its rivals. */
  incumbentObjectives(): Objectives {
    const yardstick = this.yardstick();
    return scorePrompt(this.input.incumbent.id, yardstick.incumbent, yardstick).objectives;
  }

  private async mutate(
    parents: Parents,
    generation: number,
  ): Promise<Mutation | { stopped: "day-cap" | "run-cap" }> {
    const { store } = this.ports;
    const stored = mutation.safeParse(await store.readStep(generation, "mutate"));
    let result: Mutation;
    if (stored.success) {
      result = stored.data;
    } else {
      await this.basis.progress.begin("mutate", generation);
      try {
        result = await mutate(await this.mutateInput(parents, generation), this.ports);
      } catch (error) {
        if (error instanceof SpendingRefused) return { stopped: error.reason };
        throw error;
      }
      await store.writeStep(generation, "mutate", result);
    }
    for (const prompt of await store.loadPrompts(result.childIds))
      this.prompts.set(prompt.id, prompt);
    await store.markExperimental(result.childIds);
    this.lineage.born(result);
    return result;
  }

  private async mutateInput(parents: Parents, generation: number): Promise<MutateInput> {
    const { config, agent, incumbent } = this.input;
    const { hypothesis, examples } = this.basis;
    const { breeding } = config;
    const first = generation === 0;
    const operators = weightedOperators(agent, breeding);
    return {
      config,
      agent,
      generation,
      incumbent: incumbent.genome,
      population: first
        ? [this.breeder({ promptId: incumbent.id, ...seedParent })]
        : recordsOf(parents).map((individual) => this.breeder(individual)),
      plan: first ? firstPopulationPlan(agent, config.populationSize - 1, breeding) : null,
      operators,
      arms: first || !breeding.bandit ? [] : this.lineage.arms(operators, config.seed),
      crossoversLeft: this.lineage.crossoversLeft(),
      freshShare: 0,
      proposerTemperature: null,
      offspringSize: first ? config.populationSize - 1 : config.offspringSize,
      clusters: hypothesis.clusters,
      clustersInTurn: first,
      passing: hypothesis.passing,
      failureSummary: hypothesis.summary,
      section: hypothesis.coach?.tune === agent.name ? hypothesis.coach.section : null,
      rejected: breeding.memory ? this.lineage.rejected(this.measurements) : [],
      measured: breeding.memory ? await this.measuredSoFar() : [],
      examples,
      benchmarkTexts: [...this.targets, ...this.controls].map((benchmark) => benchmark.input),
    };
  }

  private breeder({
    promptId,
    rank,
    crowdingDistance,
  }: {
    promptId: string;
    rank: number;
    crowdingDistance: number;
  }): Breeder {
    const { id, genome } = this.requirePrompt(promptId);
    const counts = passCounts(this.measurements.filter((m) => m.promptId === id));
    const { priorRates } = this.yardstick();
    // One trial's worth of what the incumbent does: a single lucky run makes no specialist.
    const passRates = new Map(
      [...counts].map(([key, { passes, trials }]) => [
        key,
        (passes + (priorRates.get(key) ?? 0)) / (trials + 1),
      ]),
    );
    return { id, genome, passRates, rank, crowdingDistance };
  }

  /** Prompts of this run and of earlier ones: nothing that they tried is paid for again. */
  private async measuredSoFar(): Promise<SearchPrompt[]> {
    this.earlier ??= await this.ports.store.measuredBefore();
    return [...this.prompts.values(), ...this.earlier];
  }

  private async experiment(
    parents: Parents,
    childIds: readonly string[],
    generation: number,
  ): Promise<StopReason | null> {
    const { config, incumbent, experimentId } = this.input;
    const { promisingChildren, promisingRepeats, reevaluationRepeatsMax, searchRepeats } =
      config.experiment;
    const front = recordsOf(parents).filter((p) => p.rank === 0 && p.promptId !== incumbent.id);
    const reevaluate = front
      .map(({ promptId }) => ({
        prompt: this.requirePrompt(promptId),
        repeats: this.repeatsOf(promptId),
      }))
      .filter(({ repeats }) => repeats < reevaluationRepeatsMax);
    const baseline = generation === 0 ? reevaluationRepeatsMax : 0;
    const again = Math.min(promisingChildren, childIds.length) * promisingRepeats;
    const rounds = baseline + childIds.length * searchRepeats + reevaluate.length + again;
    const benchmarks = this.targets.length + this.controls.length;
    await this.basis.progress.begin("experiment", generation, rounds * benchmarks);
    const { measurements, stopped } = await experiment(
      {
        config,
        generation,
        incumbent,
        spendMaxUsd: config.budget.runCapUsd - this.basis.progress.costUsd - this.proofUsd(parents),
        incumbentSoFar: this.measurements.filter((m) => m.promptId === incumbent.id),
        children: childIds.map((id) => this.requirePrompt(id)),
        reevaluate,
        targets: this.targets,
        controls: this.controls,
        experimentId: (number, promptId) => experimentId("search", number, promptId),
      },
      this.ports,
    );
    this.keep(measurements);
    return stopped;
  }

  /** Controls run again early, and their repeats come again with the whole round: each trial counts once. */
  private keep(measurements: readonly Measurement[]): void {
    const fresh = measurements.filter((m) => !this.known.has(trialKey(m)));
    for (const m of fresh) this.known.add(trialKey(m));
    this.measurements.push(...fresh);
    this.basis.progress.add(fresh);
  }

  /** μ+λ with fresh figures: parents may have been measured again, so they are scored again too. */
  private pool(parents: Parents, childIds: readonly string[]): Individual<ScoredPrompt>[] {
    const yardstick = this.yardstick();
    const groups = byPrompt(this.measurements);
    const ids = [
      this.input.incumbent.id,
      ...recordsOf(parents).map((p) => p.promptId),
      ...childIds,
    ];
    return [...new Set(ids)].map((id) =>
      asIndividual(scorePrompt(id, groups.get(id) ?? [], yardstick)),
    );
  }

  private async report(number: number, pool: Parents, refused: RefusedChild[]): Promise<void> {
    await this.basis.progress.begin("evaluate", number);
    const individuals = recordsOf(pool);
    const hypervolume = frontHypervolume(individuals, this.incumbentObjectives());
    await this.ports.store.writeGeneration(number, hypervolume, individuals);
    this.reports.push({ number, hypervolume, individuals, refused, bandit: this.lineage.bandit });
    this.lineage.harvest(individuals.filter((i) => i.survived).map((i) => i.promptId));
  }

  /** Whether one more generation like the last would leave too little of the run's cap to prove the finalists. */
  private needsTheMoneyForTheProof(pool: Parents): boolean {
    const spentUsd = this.basis.progress.costUsd;
    const generationUsd = spentUsd - this.spentBefore;
    this.spentBefore = spentUsd;
    const { runCapUsd } = this.input.config.budget;
    return spentUsd + costMargin * generationUsd + this.proofUsd(pool) > runCapUsd;
  }

  /** What proving the finalists of this population would cost; of the first one, as if all cost what today's does. */
  private proofUsd(pool: Parents): number {
    const { config, incumbent } = this.input;
    const { calibration } = this.basis;
    const size = confirmationSize(calibration);
    const finalistsUsd = confirmationCostUsd(recordsOf(pool), incumbent.id, size, config);
    if (finalistsUsd > 0) return finalistsUsd;
    const perTrialUsd = mean(calibration.measurements.map(({ costUsd }) => costUsd));
    const arms = config.experiment.finalistsMax + 1;
    return costMargin * arms * perTrialUsd * confirmationTrials(size, config);
  }

  private yardstick(): Yardstick {
    const { measurements, targets, controls } = this.basis.calibration;
    const overall = measurements.filter((m) => m.success).length / Math.max(1, measurements.length);
    const priorRates = [...passCounts(measurements)].map(
      ([id, { passes, trials }]) => [id, (passes + overall) / (trials + 1)] as const,
    );
    return {
      benchmarkIds: [...targets, ...controls],
      controlIds: controls,
      controlLossMax: this.input.config.experiment.controlLossMax,
      incumbent: this.measurements.filter((m) => m.promptId === this.input.incumbent.id),
      priorRates: new Map(priorRates),
    };
  }

  /** Whole rounds over all targets that a prompt has behind it. */
  private repeatsOf(promptId: string): number {
    const counts = passCounts(this.measurements.filter((m) => m.promptId === promptId));
    return Math.min(...this.targets.map(({ id }) => counts.get(id)?.trials ?? 0));
  }
}

function recordsOf(ranked: Parents): IndividualRecord[] {
  return ranked.map(({ individual, rank, crowdingDistance, survived }) => ({
    ...individual.genome,
    rank,
    crowdingDistance,
    survived,
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** A child before its trials. */
function unscored(promptId: string): ScoredPrompt {
  const objectives = { successRate: 0, costUsd: 0, latencyMs: 0 };
  return { promptId, objectives, trials: 0, successes: 0, constraintViolation: 0 };
}
