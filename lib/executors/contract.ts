/**
 * What Genepool and an executor say to each other, in JSON with snake_case names, so that one object is one dataclass
 * in any language. docs/executors holds the same as JSON Schema, made from here. A change that an agent would notice is
 * a new number.
 */
import { z } from "zod";
import { outcomes, traceStepKinds } from "#lib/domain/trial.ts";

export const contractVersion = 1;
export const traceStepsMax = 1_000;
export const textMax = 20_000;

const finite = z.number().nonnegative();
const score = z.number().min(0).max(1).describe("0 to 1, where 1 is right; never NaN");

const requestPrompt = z
  .object({
    id: z.string(),
    version: z.string().nullable(),
    model: z.string().describe("provider:name that the prompt is to be run with"),
    content: z.string().describe("the Jinja2 template as it is kept"),
    messages: z
      .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
      .nullable()
      .describe(
        "the template with input and labels filled in; null where it needs more than these",
      ),
    parameters: z
      .object({
        temperature: z.number(),
        top_p: z.number(),
        max_steps: z.int(),
        max_output_tokens: z.int(),
      })
      .loose(),
    tools: z.array(z.string()),
  })
  .describe("one agent's prompt with its parameters and tools");

/** What an executor is given. */
export const executorRequest = z.object({
  contract: z.literal(contractVersion),
  trial_id: z.string().describe("the same for every attempt at this trial: run it once"),
  agent_type: z.string().describe("the agent whose prompt is being measured"),
  system: z.string(),
  benchmark: z.object({
    id: z.string(),
    external_id: z.string().nullable().describe("id of the line in the imported suite"),
    input: z.string(),
    expected: z.string().nullable().optional().describe("only where the operator set sendExpected"),
    labels: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
  }),
  prompts: z.record(z.string(), requestPrompt).describe("by agent type: all agents of the system"),
  repeat: z.int(),
  seed: z.int(),
  deadline: z.iso.datetime().describe("an answer after it is a failed trial"),
  cost_limit_usd: finite.nullable().describe("a trial that cost more is a failed one"),
  callback_url: z.url().optional().describe("after 202: where to POST the answer"),
  callback_token: z.string().optional().describe("to be sent with it as genepool-callback-token"),
});
export type ExecutorRequest = z.infer<typeof executorRequest>;

export const answerTraceStep = z.object({
  agent_type: z.string().min(1).max(63),
  kind: z.enum(traceStepKinds),
  text: z.string().describe(`kept up to ${textMax} characters`),
  tool_name: z.string().max(100).nullish(),
  data: z.unknown().optional(),
});

const figures = {
  contract: z.literal(contractVersion),
  cost_usd: finite.nullish().describe("what the trial cost; needed unless tokens tell it"),
  tokens: z.object({ input: z.int().nonnegative(), output: z.int().nonnegative() }).nullish(),
  model: z.string().nullish().describe("whose price the tokens have; the request's by default"),
  latency_ms: finite.nullish().describe("measured by Genepool where absent"),
  trace: z.array(answerTraceStep).nullish().describe(`the first ${traceStepsMax} steps are kept`),
};

/** The agent's own words, which the benchmark's grader judges. */
export const rawAnswer = z.object({ ...figures, output: z.string() });

/** An answer that the executor has judged itself. */
export const gradedAnswer = z.object({
  ...figures,
  outcome: z.enum(outcomes),
  score: score.optional().describe("0 to 1; where absent, the mean of scores"),
  scores: z.record(z.string().max(100), score).optional().describe("by grader"),
  error: z.string().nullish().describe("why it failed, in words"),
});
export type RawAnswer = z.infer<typeof rawAnswer>;
export type GradedAnswer = z.infer<typeof gradedAnswer>;

/** The published form of an answer: either kind. */
export const executorAnswer = z.union([rawAnswer, gradedAnswer]);

/** The body of 202: the trial goes on, its answer is to be asked for or will be sent to callback_url. */
export const acceptedAnswer = z.object({
  status_url: z.string().min(1).max(2_000).optional(),
  retry_after: z.number().positive().optional().describe("seconds"),
});
