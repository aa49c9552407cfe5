/**
 * Everything that a search has measured, and what follows from it. Figures of prompts are recomputed from all their
 * trials whenever they are asked for: an evaluation under noise is never final.
 */
import type { Objectives } from "#lib/domain/objective.ts";
import { epsilonArchive } from "#lib/pareto/epsilon-archive.ts";
import type { Calibration } from "./loop/calibrate.ts";
import {
  asIndividual,
  discountedRates,
  ratesBesideParent,
  type ScoredPrompt,
  scorePrompt,
  type Yardstick,
} from "./loop/evaluate.ts";
import { sharesLuck } from "./loop/idle-edit.ts";
import { margins } from "./loop/margins.ts";
import { byPrompt, type Measurement, passCounts, trialKey } from "./measurement.ts";
import type { Birth } from "./memory/birth.ts";
import type { Individual } from "./nsga2/select.ts";

/** Trials of two prompts are a pair when they ran the same repeat of the same benchmark. */
const pairKey = ({ benchmarkId, repeat }: Measurement) => `${benchmarkId}/${repeat}`;

export class Scoreboard {
  readonly measurements: Measurement[] = [];
  /** Prompts that ran on every benchmark: only they can be compared by their figures. */
  private readonly whole = new Set<string>();
  private readonly known = new Set<string>();
  private readonly priorRates: ReadonlyMap<string, number>;
  /** The prompts that each prompt was bred from. */
  readonly bredFrom = new Map<string, readonly string[]>();
  /** Discounted rates by prompt, of what is measured so far. */
  private readonly rates = new Map<string, Map<string, number>>();
  /** Whether equal repeats are equal luck in this run: a model may answer the same request differently each time. */
  private luckIsShared = false;

  constructor(
    private readonly calibration: Calibration,
    private readonly incumbentId: string,
    private readonly controlLossMax: number,
  ) {
    const { measurements } = calibration;
    const overall = measurements.filter((m) => m.success).length / Math.max(1, measurements.length);
    this.priorRates = new Map(
      [...passCounts(measurements)].map(([id, { passes, trials }]) => [
        id,
        (passes + overall) / (trials + 1),
      ]),
    );
    this.whole.add(incumbentId);
  }

  /**
   * Takes note of whose children prompts are: what is expected of them before they run. A prompt that is bred again, as when
   * an edit of its child undoes that child's own, stays a child of its first parents: nobody descends from itself.
   */
  born(births: readonly Birth[]): void {
    for (const { id, parentIds } of births) {
      if (id !== this.incumbentId && !this.bredFrom.has(id)) this.bredFrom.set(id, parentIds);
    }
    this.rates.clear();
  }

  /** Takes new trials; one that is known already counts once. */
  keep(measurements: readonly Measurement[]): void {
    const fresh = measurements.filter((m) => !this.known.has(trialKey(m)));
    for (const m of fresh) this.known.add(trialKey(m));
    this.rates.clear();
    this.measurements.push(...fresh);
    this.luckIsShared ||= this.someChildSharesLuck();
  }

  /** Says that these prompts have run on every benchmark. */
  finished(promptIds: readonly string[]): void {
    for (const id of promptIds) this.whole.add(id);
  }

  hasFinished(promptId: string): boolean {
    return this.whole.has(promptId);
  }

  of(promptId: string): Measurement[] {
    return this.measurements.filter((m) => m.promptId === promptId);
  }

  /** What prompts are compared with: today's prompt, in the trials of the search. */
  yardstick(): Yardstick {
    return {
      benchmarkIds: this.benchmarkIds(),
      controlIds: this.calibration.controls,
      controlLossMax: this.controlLossMax,
      incumbent: this.of(this.incumbentId),
      priorRates: this.priorRates,
    };
  }

  incumbentObjectives(): Objectives {
    const yardstick = this.yardstick();
    return scorePrompt(this.incumbentId, yardstick.incumbent, yardstick).objectives;
  }

  /** These prompts with their figures of today, each once. */
  scored(promptIds: readonly string[]): Individual<ScoredPrompt>[] {
    const yardstick = this.yardstick();
    const incumbent = this.incumbentObjectives();
    const groups = byPrompt(this.measurements);
    return [...new Set(promptIds)].map((id) => {
      const rates = this.ratesOf(id, groups);
      return asIndividual(scorePrompt(id, groups.get(id) ?? [], yardstick, rates), incumbent);
    });
  }

  /**
   * Whether a prompt did in every trial what one of its parents did in the same one, and is not a step cheaper or faster:
   * its edit changed nothing, and only its words would be carried on.
   */
  isWithoutEffect(promptId: string): boolean {
    const own = this.of(promptId);
    return (this.bredFrom.get(promptId) ?? []).some((parentId) => {
      const before = new Map(this.of(parentId).map((m) => [pairKey(m), m.success]));
      const shared = own.filter((m) => before.has(pairKey(m)));
      if (shared.length < this.calibration.targets.length) return false;
      if (shared.some((m) => before.get(pairKey(m)) !== m.success)) return false;
      const [child, parent] = this.scored([promptId, parentId]);
      if (child === undefined || parent === undefined) return false;
      return child.objectives.every((value, k) => k === 0 || value >= (parent.objectives[k] ?? 0));
    });
  }

  /**
   * The ε-archive of all that was ever measured whole: one feasible prompt a box. Whoever fell out of the population by
   * bad luck, or was passed by good luck of others that did not last, comes back through it.
   */
  archive(): string[] {
    const feasible = this.scored([...this.whole]).filter((i) => i.constraintViolation === 0);
    const sides = [margins.success, margins.logCost, margins.logLatency];
    return epsilonArchive(
      feasible.map(({ objectives }) => objectives),
      sides,
    ).flatMap((index) => feasible[index]?.genome.promptId ?? []);
  }

  /** Pass rates by benchmark over all prompts, one trial's worth of the calibration among them. */
  pooledRates(): Map<string, number> {
    const counts = passCounts(this.measurements);
    return new Map(
      this.benchmarkIds().map((id) => {
        const { passes, trials } = counts.get(id) ?? { passes: 0, trials: 0 };
        return [id, (passes + (this.priorRates.get(id) ?? 0)) / (trials + 1)];
      }),
    );
  }

  /** Pass rates of one prompt, few trials discounted towards what its parents do: a single lucky run makes no specialist. */
  passRates(promptId: string): Map<string, number> {
    return this.ratesOf(promptId, byPrompt(this.measurements));
  }

  private ratesOf(id: string, groups: ReadonlyMap<string, Measurement[]>): Map<string, number> {
    const known = this.rates.get(id);
    if (known !== undefined) return known;
    const own = groups.get(id) ?? [];
    const parents = this.bredFrom.get(id) ?? [];
    const rates =
      parents.length === 0
        ? discountedRates(passCounts(own), this.benchmarkIds(), this.priorRates)
        : this.meanOf(parents.map((parent) => this.besideParent(own, parent, groups)));
    this.rates.set(id, rates);
    return rates;
  }

  private besideParent(
    own: readonly Measurement[],
    parent: string,
    groups: ReadonlyMap<string, Measurement[]>,
  ): Map<string, number> {
    const rates = this.ratesOf(parent, groups);
    return this.luckIsShared
      ? ratesBesideParent(own, { trials: groups.get(parent) ?? [], rates })
      : discountedRates(passCounts(own), this.benchmarkIds(), rates);
  }

  private someChildSharesLuck(): boolean {
    const groups = byPrompt(this.measurements);
    return [...this.bredFrom].some(([id, parents]) =>
      parents.some((parent) => sharesLuck(groups.get(id) ?? [], groups.get(parent) ?? [])),
    );
  }

  private meanOf(rates: readonly ReadonlyMap<string, number>[]): Map<string, number> {
    return new Map(
      this.benchmarkIds().map((benchmarkId) => [
        benchmarkId,
        rates.reduce((sum, of) => sum + (of.get(benchmarkId) ?? 0), 0) / rates.length,
      ]),
    );
  }

  private benchmarkIds(): string[] {
    return [...this.calibration.targets, ...this.calibration.controls];
  }

  /** Whole rounds over all targets that a prompt has behind it. */
  repeatsOf(promptId: string): number {
    const counts = passCounts(this.of(promptId));
    return Math.min(...this.calibration.targets.map((id) => counts.get(id)?.trials ?? 0));
  }
}
