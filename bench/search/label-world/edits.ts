/**
 * Edits for searches that are not the product: drawn among all of the product's own operators, made by the same proposer and kept
 * by the same guards, so that no method has a kind of edit that another lacks.
 */
import { contentHash } from "#lib/content-hash.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { type Draws, draw, seedOf } from "#lib/random.ts";
import { mineExamples } from "#optimizer/adapters/evidence-from-trials.ts";
import type { EvidenceRun } from "#optimizer/evidence.ts";
import { guard } from "#optimizer/loop/guards.ts";
import { hypothesize } from "#optimizer/loop/hypothesize.ts";
import { complementarity, crossover } from "#optimizer/operators/crossover.ts";
import { weightedOperators } from "#optimizer/operators/mix.ts";
import type { Operator, OperatorContext, ParentPrompt } from "#optimizer/operators/operator.ts";
import type { Arena } from "../agent/arena.ts";

/** What a search knows of its prompts, which the operators may look at. */
export interface EditKnowledge {
  /** Runs of the parent; of the start where the parent has none. */
  runsOf(genome: PromptGenome): readonly EvidenceRun[];
  /** Pass rate by benchmark id, of those that a prompt ran on. */
  passRatesOf(genome: PromptGenome): ReadonlyMap<string, number>;
  /** Prompts that were measured: one of them is crossed with. */
  measured(): readonly PromptGenome[];
  /** Benchmarks that examples are taken from. */
  exampleIds: readonly string[];
  /** Benchmarks that prompts are measured on: none may be copied. */
  scoringIds: readonly string[];
}

/** By the weights that the product begins with, or each as often as the others. */
export type OperatorShares = "product" | "even";

const attemptsMax = 3;
/** So many slots that the product leaves no operator out. */
const manySlots = {
  ...optimizationConfig.parse({}),
  generations: 100,
  offspringSize: 40,
};

export class WorldEdits {
  private readonly operators: readonly { operator: Operator; weight: number }[];

  constructor(
    private readonly world: Pick<Arena, "agent" | "benchmarks" | "completer" | "start">,
    private readonly seed: number,
    private readonly knowledge: EditKnowledge,
    shares: OperatorShares = "product",
  ) {
    this.operators = weightedOperators(world.agent, manySlots, knowledge.exampleIds.length > 0).map(
      ({ operator, weight }) => ({ operator, weight: shares === "even" ? 1 : weight }),
    );
  }

  /** A child by one edit, made against the parent's failures; null when three draws made none. A pure function of the step. */
  async edit(parent: PromptGenome, step: number): Promise<PromptGenome | null> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const context = this.contextOf(parent, step, attempt);
      const operator = context.draws.weighted(
        this.operators.map((own) => own.operator),
        this.operators.map(({ weight }) => weight),
      );
      const parents = [this.parentOf(parent)];
      if (operator.parents === 2) parents.push(...this.partnerOf(parent));
      const outcome = await operator.apply(parents, context);
      if (outcome.state === "skipped") continue;
      for (const { genome } of context.draws.shuffle(outcome.offspring))
        if (await this.isAllowed(genome, parent, context)) return genome;
    }
    return null;
  }

  /** A child with instructions of both; the mother when they have nothing to give each other. */
  async cross(mother: PromptGenome, father: PromptGenome, step: number): Promise<PromptGenome> {
    const context = this.contextOf(mother, step, attemptsMax);
    const outcome = await crossover.apply([this.parentOf(mother), this.parentOf(father)], context);
    return outcome.state === "made" ? (outcome.offspring[0]?.genome ?? mother) : mother;
  }

  private parentOf(genome: PromptGenome): ParentPrompt {
    return { id: contentHash(genome), genome, passRates: this.knowledge.passRatesOf(genome) };
  }

  /** The measured prompt that could add most, as the product chooses it. */
  private partnerOf(parent: PromptGenome): ParentPrompt[] {
    const own = this.parentOf(parent);
    const others = this.knowledge
      .measured()
      .map((genome) => this.parentOf(genome))
      .filter(({ id }) => id !== own.id);
    const gains = others.map((other) => complementarity(own, other));
    return others.slice(gains.indexOf(Math.max(...gains))).slice(0, 1);
  }

  private contextOf(parent: PromptGenome, step: number, attempt: number): OperatorContext {
    const { agent, benchmarks, completer, start } = this.world;
    const draws = draw("label-world", "edit", this.seed, step, attempt);
    const runs = this.knowledge.runsOf(parent);
    const { clusters, passing, summary } = hypothesize(runs, agent);
    return {
      agent,
      draws,
      modelSeed: seedOf("label-world", "model", this.seed, step, attempt) % (2 ** 31 - 1),
      completer,
      incumbent: start,
      clusters,
      cluster: clusterOf(clusters, draws),
      passing,
      failureSummary: summary,
      section: null,
      rejected: [],
      examples: mineExamples(
        agent,
        // The methods compared have no seal: their own split keeps these rows apart.
        benchmarks.map((benchmark) => ({ ...benchmark, sealed: false })),
        this.knowledge.exampleIds,
        runs,
      ),
    };
  }

  private async isAllowed(
    child: PromptGenome,
    parent: PromptGenome,
    { agent, completer, modelSeed }: OperatorContext,
  ): Promise<boolean> {
    const scoring = new Set(this.knowledge.scoringIds);
    const benchmarkTexts = this.world.benchmarks
      .filter(({ id }) => scoring.has(id))
      .map(({ input }) => input);
    const outcome = await guard(child, { agent, parent, benchmarkTexts, completer, modelSeed });
    return outcome.ok;
  }
}

function clusterOf(clusters: OperatorContext["clusters"], draws: Draws) {
  if (clusters.length === 0) return null;
  return draws.weighted(
    clusters,
    clusters.map(({ severity }) => severity + 1e-9),
  );
}
