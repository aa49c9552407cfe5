/** The product's own search on a synthetic world: the real loop, with trials and proposals that are simulated. */
import { z } from "zod";
import type { Verdict } from "#lib/domain/experiment.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { createMemoryRunStore } from "#optimizer/adapters/memory-run-store.ts";
import type { EvidenceRun } from "#optimizer/evidence.ts";
import type { Measurement } from "#optimizer/measurement.ts";
import type { AgentProfile, Evaluator, SearchPrompt, TrialOrder } from "#optimizer/ports.ts";
import { runOptimization } from "#optimizer/run.ts";
import { createSyntheticCompleter } from "./proposer.ts";
import { runTrial, startContent, startGenome } from "./trials.ts";
import type { World } from "./world.ts";

export interface FinalistFound {
  content: string;
  verdict: Verdict;
  nominated: boolean;
}

export interface SearchResult {
  finalists: FinalistFound[];
  /** What the proof measured best, the start included: what a person would take without asking for certainty. */
  pick: string;
  /** The best prompt that the proof promoted, or the start. */
  promoted: string;
  rollouts: number;
  costUsd: number;
  /** Benchmarks that the run guarded. */
  controls: string[];
}

const guarded = z.object({ controls: z.array(z.string()) });

const incumbent: SearchPrompt = {
  id: "start",
  version: "1.0.0",
  contentHash: "start",
  genome: startGenome,
};

const agent: AgentProfile = {
  name: "synthetic",
  system: "single",
  suite: "synthetic",
  description: "answers questions",
  requiredVariables: ["input"],
  protectedTexts: [],
  allowedTools: [],
  defaultModel: "synthetic",
  parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [4, 24], models: [] },
  repeats: "vary",
  nonInferiorityMargin: 0.05,
};

/** Operators that change nothing in a world of sentences: their children would only be the same prompt again. */
const withoutEffect = [
  "rephrase-instruction",
  "hyperparameter",
  "few-shot",
  "few-shot-set",
  "few-shot-balance",
  "few-shot-drop",
  "few-shot-reorder",
] as const;

/** The configuration of a run of so many trials, proof included: the product's own sizes. */
export function configFor(
  rollouts: number,
  seed: number,
  breeding: Partial<OptimizationConfig["breeding"]> = {},
): OptimizationConfig {
  return optimizationConfig.parse({
    seed,
    calls: rollouts,
    breeding: { without: [...withoutEffect], ...breeding },
  });
}

export async function optimizeWorld(
  world: World,
  config: OptimizationConfig,
): Promise<SearchResult> {
  const store = createMemoryRunStore(incumbent);
  let rollouts = 0;
  const evaluator: Evaluator = {
    evaluate: async (orders) =>
      orders.map((order) => {
        rollouts++;
        return { state: "done", result: resultOf(world, config.seed, order), replayed: false };
      }),
  };
  const outcome = await runOptimization(
    {
      config,
      agent,
      incumbent,
      benchmarks: world.benchmarks,
      judge: null,
      journalRuns: [],
      knownOutcomes: [],
      tracesOf: async (_, measurements) => measurements.map(evidenceOf),
      mineExamples: () => [],
      experimentId: (kind, generation, promptId) => `${kind}/${generation}/${promptId}`,
    },
    { evaluator, completer: createSyntheticCompleter(world), store, isOverTime: () => false },
  );
  const nominated = new Set(outcome.candidates.map(({ promptId }) => promptId));
  const finalists = outcome.finalists.map(({ promptId, verdict }) => ({
    content: store.prompts.get(promptId)?.genome.content ?? startContent,
    verdict,
    nominated: nominated.has(promptId),
  }));
  const best = (among: readonly FinalistFound[]) =>
    among.toSorted((a, b) => b.verdict.candidateSuccess.value - a.verdict.candidateSuccess.value)[0]
      ?.content ?? startContent;
  const ahead = finalists.filter(({ verdict }) => verdict.difference.value > 0);
  const { controls } = guarded.parse(await store.readStep(0, "calibrate"));
  const [pick, promoted] = [best(ahead), best(finalists.filter((found) => found.nominated))];
  return { finalists, pick, promoted, rollouts, costUsd: outcome.costUsd, controls };
}

function resultOf(world: World, seed: number, order: TrialOrder): TrialResult {
  const { content } = order.prompt.genome;
  const { benchmark, repeat } = order;
  const outcome = runTrial(world, seed, { content, benchmarkId: benchmark.id, repeat });
  return {
    outcome: outcome.success ? "success" : "failure",
    score: outcome.success ? 1 : 0,
    costUsd: outcome.costUsd,
    inputTokens: 100,
    outputTokens: 50,
    latencyMs: outcome.latencyMs,
    failure: outcome.success ? null : failureOf(benchmark.id),
    agents: [],
    steps: [],
    criticVerdict: null,
    simulated: true,
  };
}

function failureOf(benchmarkId: string) {
  const kind = Number(benchmarkId.slice(1)) % 5;
  return {
    errorClass: "wrong-answer" as const,
    signature: `wrong/${kind}`,
    message: `The answer is wrong in the way of kind ${kind}.`,
  };
}

function evidenceOf({ benchmarkId, repeat, success, score }: Measurement): EvidenceRun {
  return {
    runId: `${benchmarkId}/${repeat}`,
    benchmarkId,
    outcome: success ? "success" : "failure",
    score,
    failure: success ? null : failureOf(benchmarkId),
    steps: [{ agentType: "synthetic", kind: "message", text: `I answered ${benchmarkId}.` }],
  };
}
