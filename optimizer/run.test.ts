import { expect, test } from "vitest";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { optimizationConfig } from "#lib/domain/optimization.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { draw } from "#lib/random.ts";
import { createMemoryRunStore } from "./adapters/memory-run-store.ts";
import type { CompletionRequest, Evaluator, SearchPrompt } from "./ports.ts";
import { runOptimization } from "./run.ts";

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
const benchmarks: Benchmark[] = Array.from({ length: 60 }, (_, i) => ({
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
}));

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
  calls: { count: number };
  refuseAfter?: number;
}): Evaluator {
  const spent = () =>
    options.refuseAfter !== undefined && options.calls.count >= options.refuseAfter;
  return {
    evaluate: (orders) =>
      Promise.all(
        orders.map(async ({ prompt, benchmark, repeat }, index) => {
          if (spent()) return { state: "refused" as const, reason: "run-cap" as const };
          options.calls.count++;
          if (options.shuffle)
            await new Promise((resolve) => setTimeout(resolve, (orders.length - index) % 3));
          return {
            state: "done" as const,
            result: worldResult(prompt, benchmark, repeat),
            replayed: false,
          };
        }),
      ),
  };
}

/** A proposer that adds the habit that the failures ask for, and a sanity judge that agrees. */
const completer = {
  complete: async (request: CompletionRequest) => {
    if (request.role === "sanity") return { text: '{"verdict":"ok","reason":"fine"}' };
    const wanted = habits.find((habit) => request.user.includes(habit)) ?? habits[0];
    return { text: `<instruction>Always ${wanted}.</instruction>` };
  },
};

async function run(
  options: {
    shuffle?: boolean;
    refuseAfter?: number;
    isOverTime?: boolean;
    runCapUsd?: number;
  } = {},
) {
  const store = createMemoryRunStore(incumbent);
  const calls = { count: 0 };
  const evaluator = worldEvaluator({ ...options, calls });
  const outcome = await runOptimization(
    {
      config: optimizationConfig.parse({
        seed: 3,
        generations: 4,
        populationSize: 6,
        offspringSize: 6,
        experiment: { targets: 15, controls: 3, holdout: 8 },
        budget: { runCapUsd: options.runCapUsd ?? 25 },
      }),
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
      },
      incumbent,
      benchmarks,
      journalRuns: [],
      calibrationTraces: async (measurements) =>
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
    { evaluator, completer, store, isOverTime: () => options.isOverTime ?? false },
  );
  return { outcome, store, calls };
}

test("the loop finds a better prompt, proves it and nominates it", async () => {
  const { outcome, store } = await run();
  expect(outcome.candidates.length).toBeGreaterThan(0);
  expect(store.nominated.map(({ promptId }) => promptId)).toEqual(
    outcome.candidates.map(({ promptId }) => promptId),
  );
  const [winner] = outcome.candidates;
  expect(winner?.verdict.kind).toBe("promote-eligible");
  expect(winner?.verdict.difference.value).toBeGreaterThan(0.2);
  expect(store.prompts.get(winner?.promptId ?? "")?.genome.content).toContain("{{ input }}");
  expect(outcome.insights.length).toBeGreaterThan(0);
});

test("the order in which trials finish changes nothing", async () => {
  const [calm, shuffled] = [await run(), await run({ shuffle: true })];
  expect(shuffled.outcome).toEqual(calm.outcome);
});

test("a cap ends the search with what it has, and says so", async () => {
  const { outcome, store } = await run({ refuseAfter: 300 });
  expect(outcome.stopped).toBe("run-cap");
  expect(outcome.summary).toContain("The run's budget is reached");
  expect(outcome.candidates).toEqual([]);
  expect(store.nominated).toEqual([]);
});

test("a search leaves enough of the budget to prove what it found", async () => {
  const { outcome } = await run({ runCapUsd: 1.4 });
  expect(outcome.stopped).toBe("money-kept");
  expect(outcome.generations.length).toBeLessThan(5);
  expect(outcome.finalists.length).toBeGreaterThan(0);
  expect(outcome.costUsd).toBeLessThanOrEqual(1.4);
});

test("a search whose time is up breeds no more and still proves what it has", async () => {
  const { outcome } = await run({ isOverTime: true });
  expect(outcome.stopped).toBe("wall-clock");
  expect(outcome.generations).toHaveLength(1);
  expect(outcome.finalists.length).toBeGreaterThan(0);
});

test("every generation keeps at most the population's size and ranks everyone", async () => {
  const { outcome } = await run();
  for (const { individuals } of outcome.generations) {
    expect(individuals.filter((i) => i.survived).length).toBeLessThanOrEqual(6);
    expect(individuals.some((i) => i.rank === 0)).toBe(true);
  }
});
