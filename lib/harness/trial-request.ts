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
  input: string;
  expected: string | null;
  labels: string[] | null;
  grader: Grader;
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
