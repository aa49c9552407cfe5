/** What a run remembers of its children between generations; rebuilt step by step when a run is resumed. */
import { type BanditArm, banditArms, type Harvest } from "./loop/bandit.ts";
import type { Mutation } from "./loop/mutate.ts";
import { byPrompt, type Measurement } from "./measurement.ts";
import type { Birth } from "./memory/birth.ts";
import { lostEdits, type RejectedEdit } from "./memory/rejected-edits.ts";
import type { WeightedOperator } from "./operators/mix.ts";

/** Crossovers that may be tried in any ten generations: merges of prompts often harm, tried or refused. */
const crossoversMax = 5;
const crossoverWindow = 10;

export class Lineage {
  private readonly mutations: Mutation[] = [];
  private readonly harvests: Harvest[] = [];

  /** Takes note of a generation's children, before they are measured. */
  born(mutation: Mutation): void {
    this.mutations.push(mutation);
  }

  /** The children that were born last. */
  lastBirths(): readonly Birth[] {
    return this.mutations.at(-1)?.births ?? [];
  }

  /** Takes note of who is in the population after the generation that was born last. */
  harvest(survivorIds: readonly string[]): void {
    const births = this.mutations.at(-1)?.births ?? [];
    this.harvests.push({ births, survivorIds: new Set(survivorIds) });
  }

  /** The arms that the last generation was shared out by. */
  get bandit(): BanditArm[] {
    return this.mutations.at(-1)?.bandit ?? [];
  }

  /** The arms before the next generation. */
  arms(operators: readonly WeightedOperator[]): BanditArm[] {
    const weights = operators.map(({ operator, weight }) => ({ operator: operator.name, weight }));
    return banditArms(weights, this.harvests);
  }

  crossoversLeft(): number {
    const recent = this.mutations.slice(-(crossoverWindow - 1));
    const tried = recent
      .flatMap(({ births, refused }) => [...births, ...refused])
      .filter(({ operator }) => operator === "crossover").length;
    return Math.max(0, crossoversMax - tried);
  }

  /** Edits that lost or were refused in this run, oldest first. */
  rejected(measurements: readonly Measurement[]): RejectedEdit[] {
    const population = this.harvests.at(-1)?.survivorIds ?? new Set<string>();
    const births = this.mutations.flatMap((mutation) => mutation.births);
    const refusals = this.mutations
      .flatMap(({ refused }) => refused)
      .filter(({ guard }) => guard === "sanity" || guard === "copy")
      .map(({ operator, reason }) => ({
        parentId: "",
        section: null,
        signature: null,
        intent: operator,
        effect: null,
        refusal: reason,
      }));
    return [...refusals, ...lostEdits(births, population, byPrompt(measurements))];
  }
}
