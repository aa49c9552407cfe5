import { z } from "zod";
import { moment } from "#lib/domain/moment.ts";
import { agentTypeName } from "#lib/domain/prompt.ts";
import { failure, outcome, traceStep } from "#lib/domain/trial.ts";

/** Runs in one request or batch. */
export const journalBatchMax = 500;
const stepsMax = 500;
/** Larger step data is replaced by a note of its size: a journal keeps what explains a failure, not payloads. */
export const stepDataMaxCharacters = 20_000;

/** One run of one agent as a caller reports it. */
export const journalRunInput = z.strictObject({
  /** The caller's id: writing the same run again changes nothing. */
  runId: z.string().min(1).max(200),
  /** Groups the runs of one task: planner, engineer and critic of one problem share it. */
  traceId: z.string().min(1).max(200).nullish(),
  agentType: agentTypeName,
  promptId: z.uuid().nullish(),
  benchmarkId: z.uuid().nullish(),
  outcome,
  costUsd: z.number().nonnegative().max(1_000_000).default(0),
  inputTokens: z.int().nonnegative().max(2_000_000_000).default(0),
  outputTokens: z.int().nonnegative().max(2_000_000_000).default(0),
  latencyMs: z
    .number()
    .nonnegative()
    .max(7 * 86_400_000)
    .default(0),
  model: z.string().min(1).max(200).nullish(),
  simulated: z.boolean().default(false),
  /** Groups equal causes of failure; taken from `failure` when absent. */
  errorSignature: z.string().min(1).max(200).nullish(),
  failure: failure.nullish(),
  startedAt: moment,
  steps: z.array(traceStep).max(stepsMax).default([]),
});
export type JournalRunInput = z.input<typeof journalRunInput>;
export type ParsedJournalRun = z.infer<typeof journalRunInput>;

/** The body of POST /api/v1/runs. */
export const journalBatch = z.strictObject({
  runs: z.array(journalRunInput).min(1).max(journalBatchMax),
});

/** Who wrote a run: a caller of the API, the built-in traffic, or a mirror of another trace source. */
export const runSources = ["api", "traffic", "langfuse", "seed"] as const;
export type RunSource = (typeof runSources)[number];
