/** A small world in which each good habit in a prompt makes a third of the benchmarks pass: what runs are tested on. */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { Failure, TrialResult } from "#lib/domain/trial.ts";
import { draw } from "#lib/random.ts";
import { sealSuite } from "#lib/suites/seal-suite.ts";
import { createMemoryRunStore, type MemoryRunStore } from "../adapters/memory-run-store.ts";
import type { Measurement } from "../measurement.ts";
import type { CompletionRequest, Evaluator, SearchPrompt, TrialAnswer } from "../ports.ts";
import { runOptimization } from "../run.ts";

const habits = ["check twice", "mind the units", "keep a reserve"];
const incumbent: SearchPrompt = {
  id: "seed",
  version: "1.0.0",
  contentHash: "seed",
  genome: {
    content: "# Role\nAnswer {{ input }}.\n\n## Rules\n- Be brief.\n- Be kind.\n",
    parameters: promptParameters.parse({ temperature: 0.4 }),
    tools: [],
  },
};
const rows = Array.from(
  { length: 60 },
  (_, i): Omit<Benchmark, "group" | "sealed"> => ({
    id: `b${i}`,
    suite: "s",
    externalId: `b${String(i).padStart(2, "0")}`,
    input: `question ${i}`,
    expected: "yes",
    labels: null,
    grader: { kind: "exact", ignoreCase: true },
    weight: 1,
    contentHash: `b${i}`,
    family: `f${i % 5}`,
    required: false,
  }),
);
const benchmarks = sealSuite(rows);

/** A model of the world: each habit in the prompt makes a third of the benchmarks pass; some pass anyway. */
function worldResult(prompt: SearchPrompt, benchmark: Benchmark, repeat: number): TrialResult {
  const number = Number(benchmark.id.slice(1));
  const habit = habits[number % 3] ?? "";
  const knows = number % 6 === 5 || prompt.genome.content.includes(habit);
  const success = draw(1, benchmark.id, repeat).chance(knows ? 0.97 : 0.03);
  const costUsd = 0.001 * (1 + prompt.genome.content.length / 400);
  return {
    outcome: success ? "success" : "failure",
    score: success ? 1 : 0,
    costUsd,
    inputTokens: 10,
    outputTokens: 10,
    latencyMs: costUsd * 1e6,
    failure: success ? null : failureFor(number),
    agents: [],
    steps: [{ agentType: "a", kind: "message", text: `I did not ${habit}` }],
    criticVerdict: null,
    simulated: true,
  };
}

function failureFor(number: number): TrialResult["failure"] {
  const message = `failed for want of "${habits[number % 3]}"`;
  return { errorClass: "wrong-answer", signature: `wrong/${number % 3}`, message };
}

function worldEvaluator(options: {
  shuffle?: boolean;
  calls: { count: number; paidUsd: number };
  refuseAfter?: number;
  breakAfter?: { calls: number; failure: Failure };
  capUsd?: number;
  costFactor?: (prompt: SearchPrompt, benchmark: Benchmark, repeat: number) => number;
}): Evaluator {
  const isOver = () =>
    options.refuseAfter !== undefined && options.calls.count >= options.refuseAfter;
  return {
    evaluate: (orders, { spendMaxUsd } = { spendMaxUsd: Number.POSITIVE_INFINITY }) => {
      let roundUsd = 0;
      return Promise.all(
        orders.map(async ({ prompt, benchmark, repeat }, index): Promise<TrialAnswer> => {
          const { breakAfter } = options;
          const world = worldResult(prompt, benchmark, repeat);
          const isBroken = breakAfter !== undefined && options.calls.count >= breakAfter.calls;
          const plain: TrialResult = isBroken
            ? { ...world, outcome: "failure", score: 0, failure: breakAfter.failure }
            : world;
          const costUsd = plain.costUsd * (options.costFactor?.(prompt, benchmark, repeat) ?? 1);
          if (
            isOver() ||
            options.calls.paidUsd + costUsd > (options.capUsd ?? Number.POSITIVE_INFINITY)
          )
            return { state: "refused", reason: "run-cap" };
          if (roundUsd + costUsd > spendMaxUsd) return { state: "refused", reason: "money-kept" };
          options.calls.count++;
          options.calls.paidUsd += costUsd;
          roundUsd += costUsd;
          if (options.shuffle)
            await new Promise((resolve) => setTimeout(resolve, (orders.length - index) % 3));
          return { state: "done", result: { ...plain, costUsd }, replayed: false };
        }),
      );
    },
  };
}

/** A proposer that adds the habit that the failures ask for, and a sanity judge that agrees. */
const proposerAt = (costUsd: number, onSpent: (costUsd: number) => void) => ({
  complete: async (request: CompletionRequest) => {
    onSpent(costUsd);
    if (request.role === "sanity") return { text: '{"verdict":"ok","reason":"fine"}', costUsd };
    const wanted = habits.find((habit) => request.user.includes(habit)) ?? habits[0];
    return { text: `<instruction>Always ${wanted}.</instruction>`, costUsd };
  },
});

/** Prompts as people would have written them into the registry. */
async function entrantIds(store: MemoryRunStore, contents: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const content of contents) {
    const registration = await store.registerPrompt({
      genome: { ...incumbent.genome, content },
      operator: "person",
      operatorArguments: {},
      parentIds: [incumbent.id],
      message: "written by a person",
      generation: 0,
    });
    if (registration.state === "registered") ids.push(registration.prompt.id);
  }
  return ids;
}

/** Rows of the world that no proof keeps for itself. */
export const openRows = benchmarks.filter(({ sealed }) => !sealed).map(({ id }) => id);

/** Runs the whole loop on the world, with 1,200 calls unless said otherwise. */
export async function runHabitWorld(
  options: {
    shuffle?: boolean;
    refuseAfter?: number;
    /** After so many calls every trial fails like this. */
    breakAfter?: { calls: number; failure: Failure };
    isOverTime?: boolean;
    runCapUsd?: number;
    seed?: number;
    calls?: number;
    /** What production has shown of rows. */
    known?: readonly Measurement[];
    /** USD of one call of the proposer. */
    proposalUsd?: number;
    costFactor?: (prompt: SearchPrompt, benchmark: Benchmark, repeat: number) => number;
    /** Texts of prompts that go to the proof without a search. */
    prove?: readonly string[];
  } = {},
) {
  const store = createMemoryRunStore(incumbent);
  const prove = await entrantIds(store, options.prove ?? []);
  const calls = { count: 0, paidUsd: 0 };
  const { runCapUsd: capUsd } = options;
  const evaluator = worldEvaluator({
    ...options,
    ...(capUsd === undefined ? {} : { capUsd }),
    calls,
  });
  const pay = (costUsd: number) => {
    calls.paidUsd += costUsd;
  };
  const outcome = await runOptimization(
    {
      config: {
        ...optimizationConfig.parse({
          seed: options.seed ?? 3,
          calls: options.calls ?? 1_200,
          populationSize: 6,
          offspringSize: 6,
          budget: { runCapUsd: options.runCapUsd ?? 25 },
        }),
        // The ids of this store are no uuids.
        prove,
      },
      agent: {
        name: "a",
        system: "single",
        suite: "s",
        description: "answers",
        requiredVariables: ["input"],
        protectedTexts: [],
        allowedTools: [],
        defaultModel: "m",
        parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [1, 4], models: [] },
        repeats: "vary",
        nonInferiorityMargin: 0.05,
      },
      incumbent,
      benchmarks,
      judge: null,
      journalRuns: [],
      knownOutcomes: options.known ?? [],
      tracesOf: async (_, measurements) =>
        measurements.map((m) => ({
          runId: `${m.benchmarkId}/${m.repeat}`,
          benchmarkId: m.benchmarkId,
          outcome: m.success ? "success" : "failure",
          score: m.score,
          failure: m.success ? null : failureFor(Number(m.benchmarkId.slice(1))),
          steps: [],
        })),
      mineExamples: () => [],
      experimentId: (kind, generation, promptId) => `${kind}/${generation}/${promptId}`,
    },
    {
      evaluator,
      completer: proposerAt(options.proposalUsd ?? 0, pay),
      store,
      isOverTime: () => options.isOverTime ?? false,
    },
  );
  return { outcome, store, calls };
}
