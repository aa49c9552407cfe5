/** The product's own loop as a method of the label world: the real `runOptimization`, with trials and proposals that are simulated. */
import { contentHash } from "#lib/content-hash.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { evidenceFromTrial, mineExamples } from "#optimizer/adapters/evidence-from-trials.ts";
import {
  createMemoryRunStore,
  type MemoryProofLedger,
} from "#optimizer/adapters/memory-run-store.ts";
import type { Evaluator, RunStore, SearchPrompt } from "#optimizer/ports.ts";
import { runOptimization } from "#optimizer/run.ts";
import { configurationFor } from "../agent/configurations.ts";
import { besideStart, handedOver } from "../agent/hand-over.ts";
import type { LabelWorld } from "./world.ts";
import type { WorldMethod } from "./world-method.ts";
import { WorldTrials } from "./world-trials.ts";

export const genepool: WorldMethod = {
  name: "Genepool",
  async run(world, budget) {
    const { outcome, trials, proofTrials, genomeOf } = await optimizeInWorld(world, {
      config: configurationFor(budget, world.seed),
    });
    const today = besideStart(trials, world.start).successRate;
    const gainOf = (promptId: string) =>
      besideStart(trials, genomeOf(promptId)).successRate - today;
    // The finalist that did best in all its trials, proof included, or the start when none did better than it.
    const [best] = outcome.finalists
      .map(({ promptId }) => ({ promptId, gain: gainOf(promptId) }))
      .filter(({ gain }) => gain > 0)
      .toSorted((a, b) => b.gain - a.gain);
    const pick = best === undefined ? world.start : genomeOf(best.promptId);
    return {
      pick,
      handedOver: handedOver(trials, pick),
      ordered: trials.ordered,
      proofTrials,
      prompts: trials.prompts().length,
      promoted: outcome.candidates.some(({ promptId }) => promptId === best?.promptId),
    };
  },
};

export interface WorldRunOptions {
  config: OptimizationConfig;
  /** Proofs of earlier runs in the same world, which spend of the same error. */
  ledger?: MemoryProofLedger;
  /** Prompts of people to prove instead of a search. */
  prove?: readonly PromptGenome[];
}

/** Runs the product's loop in a world, with nothing stored. */
export async function optimizeInWorld(
  world: LabelWorld,
  { config: settings, ledger = new Map(), prove = [] }: WorldRunOptions,
) {
  const trials = new WorldTrials(world, settings.seed);
  const incumbent: SearchPrompt = {
    id: "start",
    version: "1.0.0",
    contentHash: contentHash(world.start),
    genome: world.start,
  };
  const store = createMemoryRunStore(incumbent, ledger);
  const config = { ...settings, prove: await registered(prove, store) };
  let proofTrials = 0;
  const evaluator: Evaluator = {
    evaluate: async (orders) =>
      orders.map(({ prompt, benchmark, repeat, experimentId }) => {
        const before = trials.ordered;
        const { result } = trials.order(prompt.genome, benchmark.id, repeat);
        if (experimentId.startsWith("confirm/")) proofTrials += trials.ordered - before;
        return { state: "done", result, replayed: false };
      }),
  };
  const outcome = await runOptimization(
    {
      config,
      agent: world.agent,
      incumbent,
      benchmarks: world.benchmarks,
      judge: null,
      journalRuns: [],
      knownOutcomes: [],
      tracesOf: async ({ genome }, measurements) => {
        const own = new Set(measurements.map(({ benchmarkId }) => benchmarkId));
        return trials
          .of(genome)
          .filter(({ benchmarkId }) => own.has(benchmarkId))
          .map(({ benchmarkId, repeat, result }) =>
            evidenceFromTrial(`${benchmarkId}/${repeat}`, benchmarkId, result),
          );
      },
      mineExamples: (ids, traces) => mineExamples(world.agent, world.benchmarks, ids, traces),
      experimentId: (kind, generation, promptId) => `${kind}/${generation}/${promptId}`,
    },
    {
      evaluator,
      completer: world.completer,
      store,
      isOverTime: () => false,
    },
  );
  const genomeOf = (promptId: string) => store.prompts.get(promptId)?.genome ?? world.start;
  return { outcome, trials, proofTrials, genomeOf };
}

async function registered(prompts: readonly PromptGenome[], store: RunStore): Promise<string[]> {
  const ids: string[] = [];
  for (const genome of prompts) {
    const registration = await store.registerPrompt({
      genome,
      operator: "person",
      operatorArguments: {},
      parentIds: ["start"],
      message: "Written by a person",
      generation: 0,
    });
    if (registration.state === "registered") ids.push(registration.prompt.id);
  }
  return ids;
}
