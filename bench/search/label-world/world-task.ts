/** A label world as a method of the comparison sees it. */
import { contentHash } from "#lib/content-hash.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import type { Task } from "../methods/method.ts";
import { type OperatorShares, WorldEdits } from "./edits.ts";
import type { WorldTrials } from "./world-trials.ts";

export interface WorldTaskOptions {
  /** Ordered trials that the search may use. */
  budget: number;
  /** Rows that each prompt is measured on. */
  rows: number;
  shares: OperatorShares;
}

/** Rows kept aside as examples: none of them scores a prompt. */
const examplesKept = 40;

export class WorldTask implements Task<PromptGenome> {
  readonly start: PromptGenome;
  readonly seed: number;
  readonly budget: number;
  readonly ids: readonly string[];
  /** Rows that the search neither measures on nor shows. */
  readonly unseenIds: readonly string[];
  private readonly edits: WorldEdits;

  constructor(
    private readonly trials: WorldTrials,
    { budget, rows, shares }: WorldTaskOptions,
  ) {
    const { world, seed } = trials;
    this.start = world.start;
    this.seed = seed;
    this.budget = budget;
    const ids = draw("label-world", "sample", seed).shuffle(world.rows.map(({ id }) => id));
    this.ids = ids.slice(examplesKept, examplesKept + rows);
    this.unseenIds = ids.slice(examplesKept + rows);
    this.edits = new WorldEdits(
      world,
      seed,
      {
        runsOf: (genome) => trials.runsOf(genome),
        passRatesOf: (genome) => trials.passRatesOf(genome),
        measured: () => trials.prompts(),
        exampleIds: ids.slice(0, examplesKept),
        scoringIds: this.ids,
      },
      shares,
    );
  }

  keyOf(genome: PromptGenome): string {
    return contentHash(genome);
  }

  fits(genome: PromptGenome, ids: readonly string[]): boolean {
    return this.trials.ordered + this.trials.newOf(genome, ids) <= this.budget;
  }

  async passes(genome: PromptGenome, ids: readonly string[]): Promise<boolean[]> {
    return this.trials.run(genome, ids).map(({ result }) => result.outcome === "success");
  }

  edit(parent: PromptGenome, step: number): Promise<PromptGenome | null> {
    return this.edits.edit(parent, step);
  }

  cross(mother: PromptGenome, father: PromptGenome, step: number): Promise<PromptGenome> {
    return this.edits.cross(mother, father, step);
  }
}
