/**
 * The search of one run: NSGA-II over prompts. It keeps what was measured so far and turns it into populations; the
 * steps themselves (mutate, experiment, evaluate) depend only on stored input, the seed and the ports.
 */

import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { Objectives } from "#lib/domain/objective.ts";
import { invariant } from "#lib/errors.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import { costMargin } from "#lib/optimizations/cost-margin.ts";
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";
import { type CallLimit, limitCalls } from "./call-limit.ts";
import { Lineage } from "./lineage.ts";
import type { Calibration } from "./loop/calibrate.ts";
import { chooseFinalists } from "./loop/choose-finalists.ts";
import { frontHypervolume, hypervolumeContributions, type ScoredPrompt } from "./loop/evaluate.ts";
import { type ExperimentResult, experiment } from "./loop/experiment.ts";
import { rollingRounds } from "./loop/experiment-orders.ts";
import { type FailureEvidence, type Hypothesis, hypothesize } from "./loop/hypothesize.ts";
import { type MutateInput, type Mutation, mutate, mutation } from "./loop/mutate.ts";
import type { Breeder } from "./loop/parents.ts";
import { type DroppedChild, withoutEffect } from "./loop/race.ts";
import type { RefusedChild } from "./loop/refused-child.ts";
import { measure, ordersFor, repeatOffsetsOf, type StopReason } from "./measurement.ts";
import { runNsga2 } from "./nsga2/nsga2.ts";
import { type Individual, type RankedIndividual, selectSurvivors } from "./nsga2/select.ts";
import { firstPopulationPlan, weightedOperators } from "./operators/mix.ts";
import { type IndividualRecord, type SearchPrompt, SpendingRefused } from "./ports.ts";
import {
  type EndReason,
  endsWithoutVerdict,
  type GenerationReport,
  type RunInput,
  type RunPorts,
} from "./run-contract.ts";
import type { RunProgress } from "./run-progress.ts";
import { Scoreboard } from "./scoreboard.ts";
import { type SearchConfig, searchConfig } from "./search-config.ts";
import { SearchMoney } from "./search-money.ts";
import { hasStalled, stallResponse } from "./stop.ts";

/** What the search works on, decided before it begins. */
export interface SearchBasis {
  calibration: Calibration;
  hypothesis: Hypothesis;
  examples: readonly FewShotExample[];
  progress: RunProgress;
  plan: StagePlan;
  limit: CallLimit;
}

/** What ends a search but not its run. */
const enough: ReadonlySet<StopReason> = new Set(["money-kept", "calls-spent"]);

type Parents = readonly RankedIndividual<ScoredPrompt>[];

/** Fewer failures than these are chance: an edit against them would chase single runs. */
const ownFailuresMin = 3;
const seedParent = {
  rank: 0,
  crowdingDistance: Number.POSITIVE_INFINITY,
  hypervolumeContribution: 0,
};

export class PromptSearch {
  readonly reports: GenerationReport[] = [];
  private readonly board: Scoreboard;
  private readonly money: SearchMoney;
  private readonly lineage = new Lineage();
  private earlier: SearchPrompt[] | null = null;
  private readonly prompts = new Map<string, SearchPrompt>();
  private readonly targets: Benchmark[];
  private readonly controls: Benchmark[];

  private readonly input: Omit<RunInput, "config"> & { config: SearchConfig };
  private readonly ports: RunPorts;

  constructor(
    input: RunInput,
    ports: RunPorts,
    private readonly basis: SearchBasis,
  ) {
    const { plan } = basis;
    const hasRequired = input.benchmarks.some(({ required, sealed }) => required && !sealed);
    this.input = { ...input, config: searchConfig(input.config, plan, { hasRequired }) };
    this.ports = { ...ports, evaluator: limitCalls(ports.evaluator, plan.race.trials).evaluator };
    this.prompts.set(input.incumbent.id, input.incumbent);
    this.money = new SearchMoney(input, plan, basis);
    const { controlLossMax } = this.input.config.experiment;
    this.board = new Scoreboard(basis.calibration, input.incumbent.id, controlLossMax);
    const byId = new Map(input.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
    this.targets = basis.calibration.targets.flatMap((id) => byId.get(id) ?? []);
    this.controls = basis.calibration.controls.flatMap((id) => byId.get(id) ?? []);
  }

  /** Evolves the population; the last one survives also a search that was stopped. */
  async run(): Promise<{
    population: IndividualRecord[];
    /** In the order in which they go to the proof. */
    finalists: string[];
    stopped: EndReason | null;
  }> {
    const { config } = this.input;
    let stopped: EndReason | null = null;
    let refused: RefusedChild[] = [];
    let dropped: DroppedChild[] = [];
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
        if (stopped !== null) return null;
        const result = await this.experiment(parents, childIds, generation);
        ({ stopped, dropped } = result);
        return stopped === null ? this.pool(parents, childIds) : null;
      },
      onGeneration: async (pool, generation) => {
        await this.report(generation, pool, { refused, dropped });
        if (generation === config.generations) return false;
        if (hasStalled(this.hypervolumes(), config.offspringSize)) stopped = "stalled";
        else if (this.ports.isOverTime()) stopped = "wall-clock";
        else if (this.money.isNeededForTheProof(recordsOf(pool))) stopped = "money-kept";
        return stopped === null;
      },
    });
    if (endsWithoutVerdict(stopped)) return { population: recordsOf(last), finalists: [], stopped };
    const settled = await this.settle(last);
    const population = recordsOf(settled.population);
    const { finalistsMax } = config.experiment;
    const finalists = chooseFinalists(population, this.input.incumbent.id, finalistsMax);
    return { population, finalists, stopped: settled.stopped ?? stopped };
  }

  private hypervolumes(): number[] {
    return this.reports.map(({ hypervolume }) => hypervolume);
  }

  get spentUsd(): number {
    return this.money.spentUsd;
  }

  requirePrompt(id: string): SearchPrompt {
    const prompt = this.prompts.get(id);
    invariant(prompt !== undefined, `prompt ${id} is not part of this run`);
    return prompt;
  }

  /** Today's prompt by the same measure as its rivals. */
  incumbentObjectives(): Objectives {
    return this.board.incumbentObjectives();
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
    this.board.born(result.births);
    this.money.payProposals(result.costUsd);
    return result;
  }

  private async mutateInput(parents: Parents, generation: number): Promise<MutateInput> {
    const { config, agent, incumbent } = this.input;
    const { hypothesis, examples } = this.basis;
    const { breeding } = config;
    const first = generation === 0;
    const hasExamples = examples.length > 0;
    const operators = weightedOperators(agent, config, hasExamples);
    return {
      config,
      agent,
      generation,
      incumbent: incumbent.genome,
      population: first
        ? [await this.breeder({ promptId: incumbent.id, ...seedParent })]
        : await this.breeders(recordsOf(parents)),
      plan: first
        ? firstPopulationPlan(agent, config.populationSize - 1, { ...breeding, hasExamples })
        : null,
      operators,
      arms: first || !breeding.bandit ? [] : this.lineage.arms(operators),
      crossoversLeft: this.lineage.crossoversLeft(),
      ...stallResponse(this.hypervolumes(), config.offspringSize),
      offspringSize: first ? config.populationSize - 1 : config.offspringSize,
      clustersInTurn: first,
      section: hypothesis.coach?.tune === agent.name ? hypothesis.coach.section : null,
      rejected: breeding.memory ? this.lineage.rejected(this.board.measurements) : [],
      measured: breeding.memory ? await this.measuredSoFar() : [],
      examples,
      benchmarkTexts: [...this.targets, ...this.controls].map((benchmark) => benchmark.input),
    };
  }

  private async breeders(population: readonly IndividualRecord[]): Promise<Breeder[]> {
    const contributions = hypervolumeContributions(population, this.incumbentObjectives());
    return Promise.all(
      population.map((individual, i) =>
        this.breeder({ ...individual, hypervolumeContribution: contributions[i] ?? 0 }),
      ),
    );
  }

  private async breeder({
    promptId,
    rank,
    crowdingDistance,
    hypervolumeContribution,
  }: Pick<Breeder, "rank" | "crowdingDistance" | "hypervolumeContribution"> & {
    promptId: string;
  }): Promise<Breeder> {
    const prompt = this.requirePrompt(promptId);
    const { id, genome } = prompt;
    const passRates = this.board.passRates(id);
    const evidence = await this.evidenceOf(prompt);
    return { id, genome, passRates, rank, crowdingDistance, hypervolumeContribution, evidence };
  }

  /** Why a prompt's own runs fail; of the incumbent, and of one that hardly fails, what the run began with. */
  private async evidenceOf(prompt: SearchPrompt): Promise<FailureEvidence> {
    const { hypothesis } = this.basis;
    const own = this.board.of(prompt.id);
    const failures = own.filter(({ success }) => !success).length;
    if (prompt.id === this.input.incumbent.id || failures < ownFailuresMin) return hypothesis;
    const evidence = hypothesize(await this.input.tracesOf(prompt, own), this.input.agent);
    return evidence.clusters.length === 0 ? hypothesis : evidence;
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
  ): Promise<ExperimentResult> {
    const { config, incumbent, experimentId } = this.input;
    const { reevaluationRepeatsMax } = config.experiment;
    const reevaluate = recordsOf(parents)
      .filter(({ rank, promptId }) => rank === 0 && promptId !== incumbent.id)
      .map(({ promptId }) => ({
        prompt: this.requirePrompt(promptId),
        repeats: this.board.repeatsOf(promptId),
      }))
      .filter(({ repeats }) => repeats < reevaluationRepeatsMax);
    await this.basis.progress.begin(
      "experiment",
      generation,
      this.plannedTrials(generation, childIds.length, reevaluate.length),
    );
    const result = await experiment(
      {
        config,
        generation,
        incumbent,
        parentIds: recordsOf(parents).map(({ promptId }) => promptId),
        bredFrom: this.board.bredFrom,
        soFar: this.board.measurements,
        rates: this.board.pooledRates(),
        spendMaxUsd: this.money.leftUsd(recordsOf(parents)),
        children: childIds.map((id) => this.requirePrompt(id)),
        reevaluate,
        targets: this.targets,
        controls: this.controls,
        experimentId: (number, promptId) => experimentId("search", number, promptId),
      },
      this.ports,
    );
    this.basis.progress.add(result.measurements);
    // What a cap cut off depends on what happened to run at that moment: it counts as money, not as knowledge.
    if (result.stopped !== null) return result;
    this.board.keep(result.measurements);
    const raced = new Set(result.dropped.map(({ promptId }) => promptId));
    const idle = childIds.filter((id) => !raced.has(id) && this.board.isWithoutEffect(id));
    const dropped = [...result.dropped, ...idle.map(withoutEffect)];
    const gone = new Set(dropped.map(({ promptId }) => promptId));
    this.board.finished(childIds.filter((id) => !gone.has(id)));
    return { ...result, dropped };
  }

  /** Trials of a generation, if no child leaves its race early. */
  private plannedTrials(generation: number, children: number, front: number): number {
    const { promisingChildren, promisingRepeats, reevaluationRepeatsMax, ...rest } =
      this.input.config.experiment;
    const baseline = generation === 0 ? reevaluationRepeatsMax : 0;
    const again = Math.min(promisingChildren, children) * promisingRepeats;
    const own = children * rest.searchRepeats;
    const rounds = baseline + own + again + Math.min(front, rollingRounds(own, rest.rollingShare));
    return rounds * (this.targets.length + this.controls.length);
  }

  /** μ+λ and the archive, with fresh figures: parents may have been measured again, so they are scored again too. */
  private pool(parents: Parents, childIds: readonly string[]): Individual<ScoredPrompt>[] {
    return this.board.scored([
      this.input.incumbent.id,
      ...recordsOf(parents).map((p) => p.promptId),
      ...childIds.filter((id) => this.board.hasFinished(id)),
      ...this.board.archive(),
    ]);
  }

  /**
   * The best run again before the finalists are chosen: the best of many is partly luck, and a few repeats of a few
   * choose better than any number of single runs. As many as the search has money for.
   */
  private async settle(
    population: Parents,
  ): Promise<{ population: Parents; stopped: StopReason | null }> {
    const { config, incumbent, experimentId } = this.input;
    const { contenders, contenderRepeats } = config.experiment;
    const benchmarks = [...this.targets, ...this.controls];
    const leftUsd = this.money.leftUsd(recordsOf(population));
    const best = chooseFinalists(recordsOf(population), incumbent.id, contenders);
    const costOf = new Map(recordsOf(population).map((i) => [i.promptId, i.objectives.costUsd]));
    const roundsUsd = () =>
      best.reduce((sum, id) => sum + (costOf.get(id) ?? 0), 0) *
      costMargin *
      contenderRepeats *
      benchmarks.length;
    while (best.length > 1 && roundsUsd() > leftUsd) best.pop();
    // Nothing to choose from, or no money to choose with.
    if (best.length <= 1) return { population, stopped: null };
    const generation = this.reports.length - 1;
    const orders = best.flatMap((id) =>
      ordersFor(this.requirePrompt(id), benchmarks, {
        offset: repeatOffsetsOf("vary").search + this.board.repeatsOf(id),
        repeats: contenderRepeats,
        arm: "candidate",
        experimentId: experimentId("search", generation, id),
      }),
    );
    await this.basis.progress.begin("experiment", generation, orders.length);
    const { measurements, stopped } = await measure(this.ports.evaluator, orders, {
      spendMaxUsd: leftUsd,
    });
    this.basis.progress.add(measurements);
    if (stopped !== null) return { population, stopped: enough.has(stopped) ? null : stopped };
    this.board.keep(measurements);
    const ids = recordsOf(population).map(({ promptId }) => promptId);
    const pool = this.board.scored([incumbent.id, ...ids]);
    return { population: selectSurvivors(pool, pool.length), stopped: null };
  }

  private async report(
    number: number,
    pool: Parents,
    { refused, dropped }: Pick<GenerationReport, "refused" | "dropped">,
  ): Promise<void> {
    await this.basis.progress.begin("evaluate", number);
    const raced = recordsOf(pool);
    const hypervolume = frontHypervolume(raced, this.incumbentObjectives());
    const individuals = [...raced, ...this.droppedRecords(dropped, raced)];
    await this.ports.store.writeGeneration(number, hypervolume, individuals);
    await this.ports.store.writeStep(number, "evaluate", { dropped });
    const { bandit } = this.lineage;
    this.reports.push({ number, hypervolume, individuals, refused, dropped, bandit });
    this.lineage.harvest(individuals.filter((i) => i.survived).map((i) => i.promptId));
  }

  /** Dropped children as they stood: behind all the others, whatever their few trials say. */
  private droppedRecords(
    dropped: readonly DroppedChild[],
    raced: readonly IndividualRecord[],
  ): IndividualRecord[] {
    const rank = 1 + Math.max(-1, ...raced.map((individual) => individual.rank));
    const among = new Set(raced.map(({ promptId }) => promptId));
    return this.board
      .scored(dropped.map(({ promptId }) => promptId).filter((id) => !among.has(id)))
      .map(({ genome }) => ({ ...genome, rank, crowdingDistance: 0, survived: false }));
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

/** A child before its trials. */
function unscored(promptId: string): ScoredPrompt {
  const objectives = { successRate: 0, costUsd: 0, latencyMs: 0 };
  return { promptId, objectives, trials: 0, successes: 0, constraintViolation: 0 };
}
