/** An agent's prompt as a method of the comparison sees it: edits come from the product's own operators and guards. */
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import { evidenceFromTrial } from "#optimizer/adapters/evidence-from-trials.ts";
import type { EvidenceRun } from "#optimizer/evidence.ts";
import { WorldEdits } from "../label-world/edits.ts";
import type { Task } from "../methods/method.ts";
import type { CountedTrials } from "./arena.ts";

/** Benchmarks kept aside as demonstrations where the agent answers rows. */
const examplesKept = 40;
/** Benchmarks that each prompt is measured on, whatever the budget. */
const rowsPerPrompt = 24;

export class AgentTask implements Task<PromptGenome> {
  readonly start: PromptGenome;
  readonly seed: number;
  readonly ids: readonly string[];
  private readonly chosen: readonly Benchmark[];
  private readonly edits: WorldEdits;

  /** Measures prompts on a random sample of the benchmarks. */
  constructor(
    private readonly trials: CountedTrials,
    readonly budget: number,
  ) {
    const { arena, seed } = trials;
    this.start = arena.start;
    this.seed = seed;
    const shuffled = draw("search-bench", "sample", seed).shuffle(arena.benchmarks);
    const kept = arena.agent.allowedTools.length > 0 ? [] : shuffled.slice(0, examplesKept);
    this.chosen = shuffled.slice(kept.length, kept.length + rowsPerPrompt);
    this.ids = this.chosen.map(({ id }) => id);
    this.edits = new WorldEdits(arena, seed, {
      runsOf: (genome) => this.runsOf(genome),
      passRatesOf: (genome) => this.passRatesOf(genome),
      measured: () => trials.prompts(),
      exampleIds: kept.map(({ id }) => id),
      scoringIds: this.ids,
    });
  }

  keyOf(genome: PromptGenome): string {
    return contentHash(genome);
  }

  fits(genome: PromptGenome, ids: readonly string[]): boolean {
    return this.trials.used + this.trials.newOf(genome, this.ordersOf(genome, ids)) <= this.budget;
  }

  async passes(genome: PromptGenome, ids: readonly string[]): Promise<boolean[]> {
    const records = await this.trials.run(genome, this.ordersOf(genome, ids));
    const passed = new Map(records.map((r) => [r.benchmarkId, r.result.outcome === "success"]));
    return ids.map((id) => passed.get(id) ?? false);
  }

  edit(parent: PromptGenome, step: number): Promise<PromptGenome | null> {
    return this.edits.edit(parent, step);
  }

  cross(mother: PromptGenome, father: PromptGenome, step: number): Promise<PromptGenome> {
    return this.edits.cross(mother, father, step);
  }

  private ordersOf(genome: PromptGenome, ids: readonly string[]) {
    const done = this.trials.of(genome);
    return this.chosen
      .filter(({ id }) => ids.includes(id))
      .map((benchmark) => ({
        benchmark,
        repeat: done.filter(({ benchmarkId }) => benchmarkId === benchmark.id).length,
      }));
  }

  private passRatesOf(genome: PromptGenome): Map<string, number> {
    const rates = new Map<string, number>();
    for (const id of this.ids) {
      const own = this.trials.of(genome).filter(({ benchmarkId }) => benchmarkId === id);
      const passes = own.filter(({ result }) => result.outcome === "success").length;
      if (own.length > 0) rates.set(id, passes / own.length);
    }
    return rates;
  }

  /** A child of a crossover has no runs of its own: the start's failures are the best there is. */
  private runsOf(genome: PromptGenome): EvidenceRun[] {
    const own = this.trials.of(genome);
    return (own.length > 0 ? own : this.trials.of(this.start)).map((record) =>
      evidenceFromTrial(
        `${record.benchmarkId}/${record.repeat}`,
        record.benchmarkId,
        record.result,
      ),
    );
  }
}
