/**
 * Everything that a search has measured, and what follows from it. Figures of prompts are computed from all trials of the
 * run whenever they are asked for: an evaluation under noise is never final.
 */
import type { Objectives } from "#lib/domain/objective.ts";
import { epsilonArchive } from "#lib/pareto/epsilon-archive.ts";
import { normalCdf } from "#lib/stats/normal.ts";
import { EffectModel } from "./effects/effect-model.ts";
import { traitDeviation, traitDifference, traitsOf } from "./effects/traits.ts";
import { asIndividual, logOf, type ScoredPrompt } from "./loop/evaluate.ts";
import { margins } from "./loop/margins.ts";
import { type Measurement, passCounts, trialKey } from "./measurement.ts";
import type { Individual } from "./nsga2/select.ts";
import type { SearchPrompt } from "./ports.ts";

/** Success below today's prompt by more than this makes a prompt infeasible: cheap and failing is no place on the front. */
const successSlack = 0.05;

const unknownsMax = 600;
/** In units of success; measured in simulated label worlds: docs/decisions/0030. */
const deviations = { benchmark: 0.42, prompt: 0.05, trial: 0.35, traitOf: traitDeviation };

export class Scoreboard {
  readonly measurements: Measurement[] = [];
  private readonly groups = new Map<string, Map<string, Measurement>>();
  /** Prompts that stayed in their races to the end. */
  private readonly whole = new Set<string>();
  private readonly known = new Set<string>();
  private readonly gone: string[] = [];
  private readonly model = new EffectModel(deviations);
  private readonly todaysTraits: ReadonlySet<string>;

  constructor(
    private readonly incumbent: SearchPrompt,
    private readonly suite: {
      /** Benchmarks that no prompt may lose. */
      requiredIds: ReadonlySet<string>;
      repeatsDiffer: boolean;
    },
  ) {
    this.todaysTraits = traitsOf(incumbent.genome);
    this.born([incumbent]);
    this.whole.add(incumbent.id);
  }

  /** Takes note of prompts before they run. */
  born(prompts: readonly SearchPrompt[]): void {
    for (const { id, genome } of prompts)
      this.model.add(id, traitDifference(traitsOf(genome), this.todaysTraits));
  }

  /** Takes new trials; one that is known already counts once. */
  keep(measurements: readonly Measurement[]): void {
    for (const measurement of measurements) {
      const key = trialKey(measurement);
      if (this.known.has(key)) continue;
      this.known.add(key);
      this.measurements.push(measurement);
      const { promptId, benchmarkId, repeat } = measurement;
      const own = this.groups.get(promptId) ?? new Map<string, Measurement>();
      own.set(`${benchmarkId}/${repeat}`, measurement);
      this.groups.set(promptId, own);
      this.model.observe(measurement);
    }
  }

  /** Says that these prompts stayed in their races to the end. */
  finished(promptIds: readonly string[]): void {
    for (const id of promptIds) this.whole.add(id);
  }

  /**
   * Says that these prompts left their races: they keep their trials, and when the model has grown large it forgets those that
   * left first, so that a trial takes no longer in a long search than in a short one.
   */
  left(promptIds: readonly string[]): void {
    this.gone.push(...promptIds);
    while (this.model.unknowns > unknownsMax) {
      const first = this.gone.shift();
      if (first === undefined) return;
      if (!this.whole.has(first)) this.model.forget(first);
    }
  }

  hasFinished(promptId: string): boolean {
    return this.whole.has(promptId);
  }

  of(promptId: string): Measurement[] {
    return [...(this.groups.get(promptId)?.values() ?? [])];
  }

  /** Trials of this prompt on these benchmarks in this repeat that are known. */
  has(promptId: string, benchmarkId: string, repeat: number): boolean {
    return this.known.has(trialKey({ promptId, benchmarkId, repeat }));
  }

  incumbentObjectives(): Objectives {
    return this.objectivesOf(this.incumbent.id);
  }

  /** Expected success over the learning rows. */
  successOf(promptId: string): number {
    return this.model.rateOf(promptId);
  }

  /** These prompts with their figures of today, each once. */
  scored(promptIds: readonly string[]): Individual<ScoredPrompt>[] {
    const today = this.incumbentObjectives();
    return [...new Set(promptIds)].map((id) => asIndividual(this.scoreOf(id, today), today));
  }

  /** Chance that a prompt succeeds more often than another. */
  chanceOfMore(promptId: string, rivalId: string): number {
    const { mean, deviation } = this.model.difference(promptId, rivalId);
    return deviation === 0 ? 0.5 : normalCdf(mean / deviation);
  }

  traitEffect(trait: string): { mean: number; deviation: number } | null {
    return this.model.traitEffect(trait);
  }

  /**
   * The ε-archive of all that stayed in its race: one feasible prompt a box. Whoever fell out of the population by bad
   * luck, or was passed by good luck of others that did not last, comes back through it.
   */
  archive(): string[] {
    const feasible = this.scored([...this.whole]).filter((i) => i.constraintViolation === 0);
    const sides = [margins.success, margins.logCost, margins.logLatency];
    return epsilonArchive(
      feasible.map(({ objectives }) => objectives),
      sides,
    ).flatMap((index) => feasible[index]?.genome.promptId ?? []);
  }

  /** Expected success by benchmark: a prompt's own trials, and what the model expects of it for half a trial more. */
  passRates(promptId: string): Map<string, number> {
    return new Map(
      [...passCounts(this.of(promptId))].map(([id, { passes, trials }]) => [
        id,
        (passes + expectedTrials * this.model.rateOn(promptId, id)) / (trials + expectedTrials),
      ]),
    );
  }

  /**
   * Cost and latency are paired: a prompt's over today's on the trials that both ran, times today's over all of its trials.
   * Benchmarks differ in length, and whoever left early ran only the first ones.
   */
  objectivesOf(promptId: string): Objectives {
    const today = this.groups.get(this.incumbent.id) ?? new Map<string, Measurement>();
    const own = this.groups.get(promptId) ?? new Map<string, Measurement>();
    const todays = [...today.values()];
    const shared = [...own].flatMap(([key, mine]) => {
      const theirs = today.get(key);
      return theirs === undefined ? [] : [{ mine, theirs }];
    });
    const figure = (of: (measurement: Measurement) => number) => {
      if (shared.length === 0) return mean([...own.values()].map(of));
      const before = mean(shared.map(({ theirs }) => of(theirs)));
      const now = mean(shared.map(({ mine }) => of(mine)));
      return before === 0 ? now : (mean(todays.map(of)) * now) / before;
    };
    return {
      successRate: this.successOf(promptId),
      costUsd: figure(({ costUsd }) => costUsd),
      latencyMs: figure(({ latencyMs }) => latencyMs),
    };
  }

  /** Whether a prompt is cheaper or faster than another by more than what counts. */
  isCheaper(promptId: string, otherId: string): boolean {
    const [own, other] = [this.objectivesOf(promptId), this.objectivesOf(otherId)];
    return (
      logOf(own.costUsd) < logOf(other.costUsd) - margins.logCost ||
      logOf(own.latencyMs) < logOf(other.latencyMs) - margins.logLatency
    );
  }

  /** Trials that two prompts both ran, and on how many of them they did not do the same. */
  compared(promptId: string, otherId: string): { shared: number; different: number } {
    const other = this.groups.get(otherId) ?? new Map<string, Measurement>();
    let [shared, different] = [0, 0];
    for (const [key, { success }] of this.groups.get(promptId) ?? []) {
      const theirs = other.get(key);
      if (theirs === undefined) continue;
      shared++;
      if (theirs.success !== success) different++;
    }
    return { shared, different };
  }

  private scoreOf(promptId: string, today: Objectives): ScoredPrompt {
    const objectives = this.objectivesOf(promptId);
    const own = this.of(promptId);
    return {
      promptId,
      objectives,
      trials: own.length,
      successes: own.filter(({ success }) => success).length,
      constraintViolation:
        this.lostRequired(own) +
        Math.max(0, today.successRate - successSlack - objectives.successRate),
    };
  }

  /**
   * Required benchmarks that today's prompt passes and these trials fail: once where a repeat would be a copy, else at least
   * twice and in two thirds of the runs. The regression run of the proof decides; a finalist that it will reject is none.
   */
  private lostRequired(own: readonly Measurement[]): number {
    const { requiredIds, repeatsDiffer } = this.suite;
    if (requiredIds.size === 0) return 0;
    const isRequired = ({ benchmarkId }: Measurement) => requiredIds.has(benchmarkId);
    const today = passCounts(this.of(this.incumbent.id).filter(isRequired));
    return [...passCounts(own.filter(isRequired))].filter(([id, { passes, trials }]) => {
      const before = today.get(id);
      const holds = before !== undefined && before.passes * 4 >= before.trials * 3;
      const failures = trials - passes;
      const isLost = repeatsDiffer ? failures >= 2 && failures * 3 >= trials * 2 : failures > 0;
      return holds && isLost;
    }).length;
  }
}

/** Trials that the model's expectation counts for beside a prompt's own on a benchmark. */
const expectedTrials = 0.5;

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
