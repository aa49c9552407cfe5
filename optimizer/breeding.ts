/** What the next children are made from: the population with its figures and failures, and the pieces of all prompts of the run. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { FewShotExample } from "#lib/genome/examples.ts";
import type { Draws } from "#lib/random.ts";
import { type Pieces, piecesOf, type Recombined, recombine } from "./effects/recombine.ts";
import type { Lineage } from "./lineage.ts";
import { aimsOf } from "./loop/aim.ts";
import { lengthCap } from "./loop/guards.ts";
import { type FailureEvidence, type Hypothesis, hypothesize } from "./loop/hypothesize.ts";
import type { MutateInput } from "./loop/mutate.ts";
import type { Breeder } from "./loop/parents.ts";
import type { SearchSizes } from "./loop/search-sizes.ts";
import { firstPopulationPlan, weightedOperators } from "./operators/mix.ts";
import type { IndividualRecord, RunStore, SearchPrompt } from "./ports.ts";
import type { RunInput } from "./run-contract.ts";
import type { Scoreboard } from "./scoreboard.ts";
import { proposerTemperature } from "./stop.ts";

export interface BreedingBasis {
  input: RunInput;
  store: RunStore;
  board: Scoreboard;
  lineage: Lineage;
  sizes: SearchSizes;
  hypothesis: Hypothesis;
  examples: readonly FewShotExample[];
  /** Texts of the rows that score prompts: none may be copied into one. */
  scoringTexts: readonly string[];
}

/** Where the search stands before a generation. */
export interface BreedingState {
  generation: number;
  population: readonly IndividualRecord[];
  /** Every prompt of this run, today's first. */
  prompts: readonly SearchPrompt[];
  hypervolumes: readonly number[];
  isForFront: boolean;
}

/** Fewer failures than these are chance: an edit against them would chase single runs. */
const ownFailuresMin = 3;

export class Breeding {
  private earlier: SearchPrompt[] | null = null;

  constructor(private readonly basis: BreedingBasis) {}

  async mutateInput(state: BreedingState): Promise<MutateInput> {
    const { input, lineage, sizes, hypothesis, examples, board } = this.basis;
    const { config, agent, incumbent } = input;
    const { breeding } = config;
    const { generation } = state;
    const first = generation === 0;
    const hasExamples = examples.length > 0;
    const { generationsMax: generations, offspringSize } = sizes;
    const shape = { breeding, generations, offspringSize };
    const operators = weightedOperators(agent, shape, hasExamples);
    return {
      config,
      agent,
      generation,
      incumbent: incumbent.genome,
      population: await this.breeders(state),
      plan: first ? firstPopulationPlan(agent, offspringSize, { ...breeding, hasExamples }) : null,
      aims: aimsOf(offspringSize, state),
      operators,
      mix: first || !breeding.mixing ? null : this.mixing(state.prompts),
      arms: first || !breeding.bandit ? [] : lineage.arms(operators),
      crossoversLeft: lineage.crossoversLeft(),
      proposerTemperature: proposerTemperature(state.hypervolumes, offspringSize),
      offspringSize,
      clustersInTurn: first,
      section: hypothesis.coach?.tune === agent.name ? hypothesis.coach.section : null,
      rejected: breeding.memory ? lineage.rejected(board.measurements) : [],
      measured: breeding.memory ? await this.measuredSoFar(state.prompts) : [],
      examples,
      benchmarkTexts: this.basis.scoringTexts,
    };
  }

  private breeders({ population, prompts }: BreedingState): Promise<Breeder[]> {
    const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
    const members = population.flatMap((record) => {
      const prompt = byId.get(record.promptId);
      return prompt === undefined ? [] : [{ record, prompt }];
    });
    return Promise.all(
      members.map(async ({ record, prompt }) => ({
        id: prompt.id,
        genome: prompt.genome,
        passRates: this.basis.board.passRates(prompt.id),
        success: record.objectives.successRate,
        rank: record.rank,
        crowdingDistance: record.crowdingDistance,
        evidence: await this.evidenceOf(prompt),
      })),
    );
  }

  /** Why a prompt's own runs fail; of the incumbent, and of one that hardly fails, what the run began with. */
  private async evidenceOf(prompt: SearchPrompt): Promise<FailureEvidence> {
    const { hypothesis, board, input } = this.basis;
    const own = board.of(prompt.id);
    const failures = own.filter(({ success }) => !success).length;
    if (prompt.id === input.incumbent.id || failures < ownFailuresMin) return hypothesis;
    const evidence = hypothesize(await input.tracesOf(prompt, own), input.agent);
    return evidence.clusters.length === 0 ? hypothesis : evidence;
  }

  /** Prompts of this run and of earlier ones: nothing that they tried is paid for again. */
  private async measuredSoFar(prompts: readonly SearchPrompt[]): Promise<SearchPrompt[]> {
    this.earlier ??= await this.basis.store.measuredBefore();
    return [...prompts, ...this.earlier];
  }

  /** Puts pieces of other prompts into a genome, drawn by what is known of their worth (Thompson 1933). */
  private mixing(
    prompts: readonly SearchPrompt[],
  ): (genome: PromptGenome, draws: Draws) => Recombined | null {
    const { input, examples, sizes, board } = this.basis;
    const { protectedTexts } = input.agent;
    const pieces: Pieces = piecesOf(prompts, examples, protectedTexts);
    const charactersMax = lengthCap(input.incumbent.genome.content.length);
    return (genome, draws) =>
      recombine(genome, {
        pieces,
        protectedTexts,
        changesMax: sizes.mixedPiecesMax,
        charactersMax,
        worthOf: (trait) => {
          const known = board.traitEffect(trait);
          return known === null ? null : known.mean + known.deviation * draws.normal();
        },
      });
  }
}
