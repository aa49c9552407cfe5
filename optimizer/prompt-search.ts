/**
 * The search of one run: NSGA-II over prompts. It keeps what was measured so far and turns it into populations; the
 * steps themselves (mutate, experiment, evaluate) depend only on stored input, the seed and the ports.
 */

import type { Objectives } from "#lib/domain/objective.ts";
import { invariant } from "#lib/errors.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { StagePlan } from "#lib/optimizations/stage-plan.ts";
import { Breeding } from "./breeding.ts";
import { Lineage } from "./lineage.ts";
import type { Calibration } from "./loop/calibrate.ts";
import { frontHypervolume, type ScoredPrompt } from "./loop/evaluate.ts";
import { type ExperimentResult, experiment } from "./loop/experiment.ts";
import { contendersOf, finalistsOf, payable, topUp } from "./loop/finalists.ts";
import { type GuardRows, guardRows } from "./loop/guard-rows.ts";
import type { Hypothesis } from "./loop/hypothesize.ts";
import { type MutateInput, type Mutation, mutate, mutation } from "./loop/mutate.ts";
import type { DroppedChild } from "./loop/race.ts";
import type { RefusedChild } from "./loop/refused-child.ts";
import type { Schedule } from "./loop/rung-orders.ts";
import { type SearchSizes, scoringRows, sizesOf } from "./loop/search-sizes.ts";
import { TrialBudget } from "./loop/trial-budget.ts";
import { repeatOffsetsOf, type StopReason } from "./measurement.ts";
import { runNsga2 } from "./nsga2/nsga2.ts";
import { type Individual, type RankedIndividual, selectSurvivors } from "./nsga2/select.ts";
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
import { SearchMoney } from "./search-money.ts";
import { hasStalled } from "./stop.ts";

/** What the search works on, decided before it begins. */
export interface SearchBasis {
  /** The learning rows in the one order of the run, and what today's prompt did on the first of them. */
  calibration: Pick<Calibration, "order" | "repeats" | "measurements" | "targets" | "controls">;
  hypothesis: Hypothesis;
  /** Mined from rows that score no prompt. */
  examples: readonly FewShotExample[];
  progress: RunProgress;
  plan: StagePlan;
  /** Trials that the run has ordered before its search. */
  ordered: number;
}

export interface SearchOutcome {
  population: IndividualRecord[];
  /** For the proof, the most promising first. */
  finalists: string[];
  stopped: EndReason | null;
}

/** What ends a search but not its run. */
const enough: ReadonlySet<StopReason> = new Set(["money-kept", "calls-spent"]);

type Parents = readonly RankedIndividual<ScoredPrompt>[];

/** Generations in a row without a single child: whoever proposes has nothing new to say. */
const emptyGenerationsMax = 5;
/** Contenders have mostly run on already, or are the same prompt again. */
const settlingShare = 0.6;

export class PromptSearch {
  readonly reports: GenerationReport[] = [];
  readonly budget: TrialBudget;
  private readonly board: Scoreboard;
  private readonly lineage = new Lineage();
  private emptyGenerations = 0;
  private readonly prompts = new Map<string, SearchPrompt>();
  private readonly money: SearchMoney;
  private readonly sizes: SearchSizes;
  private readonly breeding: Breeding;
  private readonly schedule: Schedule;
  /** Rows that every finalist runs on before its proof. */
  private readonly guards: GuardRows;

  constructor(
    private readonly input: RunInput,
    private readonly ports: RunPorts,
    private readonly basis: SearchBasis,
  ) {
    this.prompts.set(input.incumbent.id, input.incumbent);
    const { calibration, plan } = basis;
    this.sizes = sizesOf(input.config, plan, calibration.order.length);
    this.money = new SearchMoney(input, plan, basis);
    this.schedule = {
      rows: scoringRows(input.benchmarks, calibration.order, this.sizes),
      repeatsDiffer: calibration.repeats !== "same",
      repeatOffset: repeatOffsetsOf(calibration.repeats).learning,
    };
    const scoringIds = this.schedule.rows.map(({ id }) => id);
    this.guards = guardRows(plan, calibration, scoringIds);
    const kept = plan.proof.trials + plan.guards.trials - this.guards.trials;
    const left = input.config.calls - basis.ordered - kept;
    this.budget = new TrialBudget(
      Math.max(0, Math.min(plan.race.trials + this.guards.trials, left)),
    );
    this.board = new Scoreboard(input.incumbent, {
      requiredIds: new Set(input.benchmarks.filter((b) => b.required).map(({ id }) => id)),
      repeatsDiffer: this.schedule.repeatsDiffer,
    });
    this.board.keep(calibration.measurements);
    this.breeding = new Breeding({
      input,
      store: ports.store,
      board: this.board,
      lineage: this.lineage,
      sizes: this.sizes,
      hypothesis: basis.hypothesis,
      examples: basis.examples,
      scoringTexts: this.schedule.rows.map((benchmark) => benchmark.input),
    });
  }

  /** Evolves the population; the last one survives also a search that was stopped. */
  async run(): Promise<SearchOutcome> {
    const { incumbent } = this.input;
    const { sizes } = this;
    let stopped: EndReason | null = null;
    let refused: RefusedChild[] = [];
    let dropped: DroppedChild[] = [];
    const last = await runNsga2<ScoredPrompt>({
      populationSize: sizes.populationSize,
      generations: sizes.generationsMax,
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
        if (generation === sizes.generationsMax || this.isSpent()) return false;
        if (this.hasStalled()) stopped = "stalled";
        else if (this.ports.isOverTime()) stopped = "wall-clock";
        else if (this.money.isNeededForTheProof(recordsOf(pool))) stopped = "money-kept";
        return stopped === null;
      },
    });
    if (endsWithoutVerdict(stopped)) return { population: recordsOf(last), finalists: [], stopped };
    const { contenders, cut } = await this.settle(recordsOf(last));
    const candidateIds = [...new Set([...contenders, ...this.board.archive()])];
    const choice = { incumbentId: incumbent.id, candidateIds, finalistsMax: candidateIds.length };
    const finalists = payable(finalistsOf(this.board, choice), {
      board: this.board,
      budget: this.budget,
      guardIds: this.guards.ids,
      repeatOffset: this.schedule.repeatOffset,
    }).slice(0, this.basis.plan.proof.finalists);
    const population = this.ranked([incumbent.id, ...finalists, ...idsOf(last)]);
    return { population, finalists, stopped: cut ?? stopped };
  }

  /** Whether the trials left do not reach for the first rung of one more child. */
  private isSpent(): boolean {
    return this.budget.left - this.trialsKept() < (this.sizes.rungs[0] ?? 1);
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
    const children = await store.loadPrompts(result.childIds);
    for (const prompt of children) this.prompts.set(prompt.id, prompt);
    await store.markExperimental(result.childIds);
    this.lineage.born(result);
    this.board.born(children);
    this.money.payProposals(result.costUsd);
    this.emptyGenerations = result.childIds.length === 0 ? this.emptyGenerations + 1 : 0;
    return result;
  }

  private mutateInput(parents: Parents, generation: number): Promise<MutateInput> {
    return this.breeding.mutateInput({
      generation,
      population: generation === 0 ? this.ranked([this.input.incumbent.id]) : recordsOf(parents),
      prompts: [...this.prompts.values()],
      hypervolumes: this.hypervolumes(),
      isForFront: this.budget.usedShare >= this.sizes.frontFrom,
    });
  }

  private hasStalled(): boolean {
    return (
      this.emptyGenerations >= emptyGenerationsMax ||
      hasStalled(this.hypervolumes(), this.sizes.offspringSize)
    );
  }

  private hypervolumes(): number[] {
    return this.reports.map(({ hypervolume }) => hypervolume);
  }

  private async experiment(
    parents: Parents,
    childIds: readonly string[],
    generation: number,
  ): Promise<ExperimentResult> {
    const { incumbent, experimentId } = this.input;
    const { progress } = this.basis;
    const { sizes, money } = this;
    const population = recordsOf(parents);
    await progress.begin(
      "experiment",
      generation,
      Math.min(this.budget.left, childIds.length * Math.max(0, ...sizes.rungs)),
    );
    const births = new Map(this.lineage.lastBirths().map((own) => [own.id, own]));
    const result = await experiment(
      {
        ...this.schedule,
        sizes,
        generation,
        incumbent,
        children: childIds.map((id) => ({
          prompt: this.requirePrompt(id),
          aim: births.get(id)?.aim ?? "success",
          parentIds: births.get(id)?.parentIds ?? [],
        })),
        populationIds: [...new Set([incumbent.id, ...idsOf(parents), ...this.board.archive()])],
        board: this.board,
        budget: this.budget,
        trialsKept: this.trialsKept(),
        spendMaxUsd: money.leftUsd(population),
        experimentId: (number, promptId) => experimentId("search", number, promptId),
      },
      this.ports,
    );
    progress.add(result.measurements);
    if (result.stopped !== null) return result;
    const gone = new Set(result.dropped.map(({ promptId }) => promptId));
    this.board.finished(childIds.filter((id) => !gone.has(id)));
    return result;
  }

  /** Trials that the last step takes, see `settle`: as if its contenders had just come through a race. */
  private trialsKept(): number {
    const { contenders, finalTrials, rungs } = this.sizes;
    const each = Math.max(0, finalTrials - Math.max(0, ...rungs));
    return each * Math.max(contenders * settlingShare, this.basis.plan.proof.finalists);
  }

  /** μ+λ and the archive, with fresh figures: every trial moves what is expected of all prompts. */
  private pool(parents: Parents, childIds: readonly string[]): Individual<ScoredPrompt>[] {
    return this.board.scored([
      this.input.incumbent.id,
      ...idsOf(parents),
      ...childIds.filter((id) => this.board.hasFinished(id)),
      ...this.board.archive(),
    ]);
  }

  private ranked(promptIds: readonly string[]): IndividualRecord[] {
    const pool = this.board.scored(promptIds);
    return recordsOf(selectSurvivors(pool, pool.length));
  }

  /**
   * The best run on before the finalists are chosen: the best of many is partly luck, and more trials of a few choose better
   * than a few of many.
   */
  private async settle(
    population: readonly IndividualRecord[],
  ): Promise<{ contenders: string[]; cut: EndReason | null }> {
    const { incumbent, experimentId } = this.input;
    const { progress } = this.basis;
    const { sizes, money } = this;
    const generation = this.reports.length - 1;
    const contenders = contendersOf(this.board, {
      incumbentId: incumbent.id,
      candidateIds: this.board.archive(),
      finalistsMax: sizes.contenders,
    });
    await progress.begin("experiment", generation, this.budget.left);
    const { measurements, stopped } = await topUp(
      {
        ...this.schedule,
        board: this.board,
        budget: this.budget,
        prompts: contenders.map((id) => this.requirePrompt(id)),
        trials: sizes.finalTrials,
        finalistsMax: this.basis.plan.proof.finalists,
        guardIds: this.guards.ids,
        spendMaxUsd: money.leftUsd(population),
        experimentId: (promptId) => experimentId("search", generation, promptId),
      },
      this.ports.evaluator,
    );
    progress.add(measurements);
    return { contenders, cut: stopped === null || enough.has(stopped) ? null : stopped };
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
    this.board.left(dropped.map(({ promptId }) => promptId));
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

function idsOf(ranked: Parents): string[] {
  return ranked.map(({ individual }) => individual.genome.promptId);
}

/** A child before its trials. */
function unscored(promptId: string): ScoredPrompt {
  const objectives = { successRate: 0, costUsd: 0, latencyMs: 0 };
  return { promptId, objectives, trials: 0, successes: 0, constraintViolation: 0 };
}
