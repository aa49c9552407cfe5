import type { Benchmark } from "#lib/domain/benchmark.ts";
import { singleGraders } from "#lib/domain/grader.ts";
import { highestJudgeCostUsd } from "#lib/graders/judge.ts";
import { type EvaluationIdentity, graderVersionOf } from "#lib/harness/evaluation-key.ts";
import {
  type HarnessPrompt,
  harnessBenchmark,
  type TrialRequest,
} from "#lib/harness/trial-request.ts";
import type { ResolvedModel } from "#lib/llm/models.ts";
import { costUsd, tokensAtMost } from "#lib/llm/prices.ts";
import type { AgentProfile, SearchPrompt, TrialOrder } from "./contract.ts";

/** How trials of one optimization look to the harness. */
export interface TrialShape {
  agent: AgentProfile;
  /** Executor of the system with its version, as `built-in@1`. */
  executor: string;
  /** Prompts of the system's other agents, by agent type; frozen when the run began. */
  companions: Readonly<Record<string, SearchPrompt>>;
  companionModels: Readonly<Record<string, string>>;
  /** Model for the agent under search where its prompt names none. */
  model: string;
  runSeed: number;
  timeoutMs: number;
  /** The most that one trial may cost in USD. */
  costLimitUsd: number;
}

export function trialRequestOf(
  shape: TrialShape,
  prompt: SearchPrompt,
  benchmark: Benchmark,
  repeat: number,
): TrialRequest {
  return {
    system: shape.agent.system,
    benchmark: harnessBenchmark(benchmark),
    prompts: {
      ...mapValues(shape.companions, (companion, agentType) =>
        harnessPrompt(
          companion,
          companion.genome.parameters.model ?? shape.companionModels[agentType] ?? shape.model,
        ),
      ),
      [shape.agent.name]: harnessPrompt(prompt, modelOf(shape, prompt)),
    },
    runSeed: shape.runSeed,
    repeat,
    timeoutMs: shape.timeoutMs,
    costLimitUsd: shape.costLimitUsd,
  };
}

export function evaluationIdentityOf(
  shape: TrialShape,
  { prompt, benchmark, repeat }: TrialOrder,
): EvaluationIdentity {
  const request = trialRequestOf(shape, prompt, benchmark, repeat);
  return {
    promptHash: prompt.contentHash,
    otherPromptHashes: mapValues(shape.companions, (companion) => companion.contentHash),
    benchmarkHash: benchmark.contentHash,
    repeat,
    executor: shape.executor,
    models: mapValues(request.prompts, ({ model }) => model),
    graderVersion: graderVersionOf(benchmark.grader),
    runSeed: shape.runSeed,
    costLimitUsd: shape.costLimitUsd,
  };
}

const roundsMax = 2;
const toolResultTokensMax = 2_000;

/**
 * Upper bound of what one trial can cost: the limit at which it is ended, or less where even every agent using all its
 * steps in both rounds, writing as much as it may, and reading its prompt, the task and everything written so far at
 * each step would cost less.
 */
export function highestTrialCostUsd(
  shape: TrialShape,
  prompt: SearchPrompt,
  benchmark: Benchmark,
  resolve: (model: string) => ResolvedModel,
): number {
  const request = trialRequestOf(shape, prompt, benchmark, 0);
  const rounds = shape.agent.system === "workbench" ? roundsMax : 1;
  const highest = Object.values(request.prompts).reduce((sum, own) => {
    const steps = own.tools.length > 0 ? own.parameters.maxSteps : 1;
    const perStep =
      own.parameters.maxOutputTokens + (own.tools.length > 0 ? toolResultTokensMax : 0);
    const opening =
      tokensAtMost(own.content) +
      tokensAtMost(benchmark.input) +
      2 * own.parameters.maxOutputTokens +
      2_000;
    const inputTokens = steps * opening + (perStep * steps * (steps - 1)) / 2;
    const usage = {
      inputTokens,
      outputTokens: steps * own.parameters.maxOutputTokens,
      cachedInputTokens: 0,
    };
    return sum + rounds * costUsd(usage, resolve(own.model).price);
  }, 0);
  return Math.min(highest + highestJudgingUsd(benchmark, resolve), shape.costLimitUsd);
}

function highestJudgingUsd(
  { grader, input, expected }: Benchmark,
  resolve: (model: string) => ResolvedModel,
): number {
  return singleGraders(grader).reduce(
    (sum, own) =>
      own.kind === "judge"
        ? sum + highestJudgeCostUsd(own, input, expected ?? "", resolve(own.model))
        : sum,
    0,
  );
}

function modelOf(shape: TrialShape, prompt: SearchPrompt): string {
  return prompt.genome.parameters.model ?? shape.model;
}

function harnessPrompt(prompt: SearchPrompt, model: string): HarnessPrompt {
  const { content, parameters, tools } = prompt.genome;
  return { promptId: prompt.id, version: prompt.version, content, parameters, tools, model };
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
