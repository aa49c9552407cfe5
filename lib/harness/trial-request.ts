import type { Benchmark, BenchmarkMetadata } from "../domain/benchmark.ts";
import type { Grader } from "../domain/grader.ts";
import type { PromptParameters } from "../domain/prompt.ts";

/** A prompt as the harness runs it. */
export interface HarnessPrompt {
  promptId: string;
  /** Told to foreign agents; nothing depends on it. */
  version?: string;
  content: string;
  parameters: PromptParameters;
  tools: string[];
  /** Model id, resolved by the caller: the prompt's own or the agent type's default. */
  model: string;
}

export interface HarnessBenchmark {
  id: string;
  contentHash: string;
  /** Id of the line in its suite, told to foreign agents. */
  externalId?: string;
  /** What only the agent needs, told to foreign agents. */
  metadata?: BenchmarkMetadata;
  input: string;
  expected: string | null;
  labels: string[] | null;
  grader: Grader;
}

/** What of a benchmark a trial takes with it. */
export function harnessBenchmark(benchmark: Benchmark): HarnessBenchmark {
  const { id, contentHash, externalId, metadata, input, expected, labels, grader } = benchmark;
  const told = metadata === undefined ? {} : { metadata };
  return { id, contentHash, externalId, input, expected, labels, grader, ...told };
}

/** One run of a whole agent system on one benchmark; plain data, so that it can go to another thread. */
export interface TrialRequest {
  /** `workbench` and `single` are built in; any other is run by an executor. */
  system: string;
  benchmark: HarnessBenchmark;
  /** By agent type; a `single` system has one entry. */
  prompts: Record<string, HarnessPrompt>;
  runSeed: number;
  repeat: number;
  /** The trial ends as failed after this long. */
  timeoutMs: number;
  /** The trial ends as failed before a model call that could take it past this; null for no limit. */
  costLimitUsd: number | null;
}
