/** An agent's prompt as a method of the comparison sees it: edits come from the product's own operators and guards. */
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { draw, seedOf } from "#lib/random.ts";
import { evidenceFromTrial, mineExamples } from "#optimizer/adapters/evidence-from-trials.ts";
import { guard } from "#optimizer/loop/guards.ts";
import { hypothesize } from "#optimizer/loop/hypothesize.ts";
import { addInstruction } from "#optimizer/operators/add-instruction.ts";
import { crossover } from "#optimizer/operators/crossover.ts";
import { fewShot } from "#optimizer/operators/few-shot.ts";
import { fewShotBalance } from "#optimizer/operators/few-shot-balance.ts";
import { fewShotSet } from "#optimizer/operators/few-shot-set.ts";
import type { Operator, OperatorContext, ParentPrompt } from "#optimizer/operators/operator.ts";
import { reflect } from "#optimizer/operators/reflect.ts";
import { variation } from "#optimizer/operators/variation.ts";
import type { Task } from "../methods/method.ts";
import type { CountedTrials } from "./arena.ts";

const attemptsMax = 3;
/** Benchmarks kept aside as demonstrations where the agent answers rows. */
const examplesKept = 40;
/** About this many prompts can be measured once within the budget. */
const measuredPrompts = 16;
const benchmarksMin = 20;

export class AgentTask implements Task<PromptGenome> {
  readonly start: PromptGenome;
  readonly seed: number;
  readonly ids: readonly string[];
  private readonly chosen: readonly Benchmark[];
  private readonly kept: readonly Benchmark[];

  /** Measures prompts on a sample of the benchmarks that leaves room for some sixteen prompts. */
  constructor(
    private readonly trials: CountedTrials,
    readonly budget: number,
  ) {
    const { arena, seed } = trials;
    this.start = arena.start;
    this.seed = seed;
    const shuffled = draw("search-bench", "sample", seed).shuffle(arena.benchmarks);
    this.kept = arena.agent.allowedTools.length > 0 ? [] : shuffled.slice(0, examplesKept);
    const size = Math.max(benchmarksMin, Math.round(budget / measuredPrompts));
    this.chosen = shuffled.slice(this.kept.length, this.kept.length + size);
    this.ids = this.chosen.map(({ id }) => id);
  }

  keyOf(genome: PromptGenome): string {
    return contentHash(genome);
  }

  allows(trials: number): boolean {
    return this.trials.used + trials <= this.budget;
  }

  async passes(genome: PromptGenome, ids: readonly string[]): Promise<boolean[]> {
    const done = this.trials.of(genome);
    const orders = this.chosen
      .filter(({ id }) => ids.includes(id))
      .map((benchmark) => ({
        benchmark,
        repeat: done.filter(({ benchmarkId }) => benchmarkId === benchmark.id).length,
      }));
    const records = await this.trials.run(genome, orders);
    const passed = new Map(records.map((r) => [r.benchmarkId, r.result.outcome === "success"]));
    return ids.map((id) => passed.get(id) ?? false);
  }

  async edit(parent: PromptGenome, step: number): Promise<PromptGenome | null> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const context = this.contextOf(parent, step, attempt);
      const operator = context.draws.pick(this.operators());
      const outcome = await operator.apply([this.parentOf(parent)], context);
      if (outcome.state === "skipped") continue;
      for (const { genome } of context.draws.shuffle(outcome.offspring))
        if (await this.isAllowed(genome, parent, context)) return genome;
    }
    return null;
  }

  async cross(mother: PromptGenome, father: PromptGenome, step: number): Promise<PromptGenome> {
    const context = this.contextOf(mother, step, attemptsMax);
    const outcome = await crossover.apply([this.parentOf(mother), this.parentOf(father)], context);
    return outcome.state === "made" ? (outcome.offspring[0]?.genome ?? mother) : mother;
  }

  /** The edits that a method may draw; examples twice where they are the strongest lever. */
  private operators(): readonly Operator[] {
    const edits = [reflect, addInstruction, variation];
    return this.kept.length > 0
      ? [fewShot, fewShotSet, fewShotSet, fewShotBalance, fewShotBalance, ...edits]
      : edits;
  }

  private parentOf(genome: PromptGenome): ParentPrompt {
    const rates = new Map<string, number>();
    for (const id of this.ids) {
      const own = this.trials.of(genome).filter(({ benchmarkId }) => benchmarkId === id);
      const passes = own.filter(({ result }) => result.outcome === "success").length;
      if (own.length > 0) rates.set(id, passes / own.length);
    }
    return { id: contentHash(genome), genome, passRates: rates };
  }

  private contextOf(parent: PromptGenome, step: number, attempt: number): OperatorContext {
    const { arena } = this.trials;
    const draws = draw("search-bench", "edit", this.seed, step, attempt);
    // A child of a crossover has no runs of its own: the start's failures are the best there is.
    const own = this.trials.of(parent);
    const runs = (own.length > 0 ? own : this.trials.of(this.start)).map((record) =>
      evidenceFromTrial(
        `${record.benchmarkId}/${record.repeat}`,
        record.benchmarkId,
        record.result,
      ),
    );
    const found = hypothesize(runs, arena.agent);
    const severity = found.clusters.map((cluster) => cluster.severity + 1e-9);
    return {
      agent: arena.agent,
      draws,
      modelSeed: seedOf("search-bench", "model", this.seed, step, attempt) % (2 ** 31 - 1),
      completer: arena.completer,
      incumbent: arena.start,
      clusters: found.clusters,
      cluster: found.clusters.length === 0 ? null : draws.weighted(found.clusters, severity),
      passing: found.passing,
      failureSummary: found.summary,
      section: null,
      rejected: [],
      examples: mineExamples(
        arena.agent,
        // The methods compared have no seal: their own split keeps these rows apart.
        arena.benchmarks.map((benchmark) => ({ ...benchmark, sealed: false })),
        this.kept.map(({ id }) => id),
        runs,
      ),
    };
  }

  private async isAllowed(
    child: PromptGenome,
    parent: PromptGenome,
    context: OperatorContext,
  ): Promise<boolean> {
    const outcome = await guard(child, {
      agent: context.agent,
      parent,
      benchmarkTexts: this.chosen.map(({ input }) => input),
      completer: context.completer,
      modelSeed: context.modelSeed,
    });
    return outcome.ok;
  }
}
