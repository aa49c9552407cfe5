/** The product's own search in an arena: the real loop on the arena's trials, with nothing stored. */
import { contentHash } from "#lib/content-hash.ts";
import type { OptimizationConfig } from "#lib/domain/optimization.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { invariant } from "#lib/errors.ts";
import { evidenceFromTrial, mineExamples } from "#optimizer/adapters/evidence-from-trials.ts";
import { createMemoryRunStore } from "#optimizer/adapters/memory-run-store.ts";
import type { Evaluator, SearchPrompt } from "#optimizer/ports.ts";
import { runOptimization } from "#optimizer/run.ts";
import type { CountedTrials } from "./arena.ts";
import { besideStart } from "./hand-over.ts";

export interface AgentSearch {
  /** The finalist that did best in all its trials, proof included, or the start when none did better than it. */
  pick: PromptGenome;
  /** Whether the product would let a person approve it. */
  promoted: boolean;
  /** Verdicts of the finalists. */
  verdicts: string[];
}

export async function optimizeAgent(
  trials: CountedTrials,
  config: OptimizationConfig,
): Promise<AgentSearch> {
  const { arena } = trials;
  const incumbent: SearchPrompt = {
    id: "start",
    version: "1.0.0",
    contentHash: contentHash(arena.start),
    genome: arena.start,
  };
  const store = createMemoryRunStore(incumbent);
  const evaluator: Evaluator = {
    evaluate: async (orders) => {
      const answers = await Promise.all(
        orders.map(({ prompt, benchmark, repeat }) =>
          trials.run(prompt.genome, [{ benchmark, repeat }]),
        ),
      );
      return answers.map(([record]) => {
        invariant(record !== undefined, "a trial has no record");
        return { state: "done", result: record.result, replayed: false };
      });
    },
  };
  const outcome = await runOptimization(
    {
      config,
      agent: arena.agent,
      incumbent,
      benchmarks: arena.benchmarks,
      judge: null,
      journalRuns: [],
      knownOutcomes: [],
      tracesOf: async ({ genome }) =>
        trials
          .of(genome)
          .map(({ benchmarkId, repeat, result }) =>
            evidenceFromTrial(`${benchmarkId}/${repeat}`, benchmarkId, result),
          ),
      mineExamples: (ids, traces) => mineExamples(arena.agent, arena.benchmarks, ids, traces),
      experimentId: (kind, generation, promptId) => `${kind}/${generation}/${promptId}`,
    },
    {
      evaluator,
      completer: arena.completer,
      store,
      isOverTime: () => false,
    },
  );
  const today = besideStart(trials, arena.start).successRate;
  const gainOf = (genome: PromptGenome) => besideStart(trials, genome).successRate - today;
  const [best] = outcome.finalists
    .flatMap(({ promptId }) => {
      const genome = store.prompts.get(promptId)?.genome;
      return genome === undefined ? [] : [{ promptId, genome, gain: gainOf(genome) }];
    })
    .filter(({ gain }) => gain > 0)
    .toSorted((a, b) => b.gain - a.gain);
  return {
    pick: best?.genome ?? arena.start,
    promoted: outcome.candidates.some(({ promptId }) => promptId === best?.promptId),
    verdicts: outcome.finalists.map(({ verdict }) => `${verdict.kind}: ${verdict.sentence}`),
  };
}
