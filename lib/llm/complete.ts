import type { JSONSchema7, LanguageModelV3 } from "@ai-sdk/provider";
import { generateText } from "ai";
import type { ProviderFault } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "./models.ts";
import { type Patience, patientModel } from "./patient-model.ts";
import { costUsd, tokensAtMost } from "./prices.ts";
import { providerFailure, providerFault } from "./provider-error.ts";
import { latencyOf, tokenUsage } from "./usage.ts";

export interface TextRequest {
  system: string;
  user: string;
  seed: number;
  temperature: number;
  maxOutputTokens: number;
  /** The reply must be JSON by this schema; a server that cannot hold its model to one may refuse the call. */
  answerSchema?: JSONSchema7;
}

export interface TextReply {
  text: string;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  latencyMs: number;
}

const callTimeoutMs = 120_000;
const attempts = 4;
/** Tokens that a chat's frame adds to its texts, from above. */
const frameTokens = 64;

/** A model that gave no answer; `fault` says what that means for the next call. */
export class ModelUnavailable extends AppError {
  constructor(
    message: string,
    details: { status: number | null; retryable: boolean },
    readonly fault: ProviderFault | undefined,
    /** The most that its attempts can have been billed, in USD. */
    readonly costUsd: number,
  ) {
    super("unavailable", message, { details });
  }
}

export interface TextCallControls {
  /** Calls the request off. */
  signal?: AbortSignal;
  /** Ends pauses between attempts; a call under way goes on. */
  hurry?: AbortSignal;
  /** What all attempts together may cost in USD; by default as much as one of them can. */
  limitUsd?: number;
}

const never = new AbortController().signal;

/**
 * One text completion, with retries for what may pass (429 and its Retry-After, 5xx, a broken connection). An attempt that
 * brought no answer and may be billed all the same counts at its highest cost. Throws ModelUnavailable with the provider's
 * status and that cost when it fails for good or is called off.
 */
export async function completeText(
  resolved: ResolvedModel,
  request: TextRequest,
  { signal, hurry = never, limitUsd }: TextCallControls = {},
): Promise<TextReply> {
  const highestUsd = highestCostUsd(resolved, request);
  const began = performance.now();
  const timeout = AbortSignal.timeout(callTimeoutMs);
  let lostMs = 0;
  let unansweredUsd = 0;
  const patience: Patience = {
    seed: request.seed,
    attempts,
    hurry,
    onLost: (ms) => {
      lostMs += ms;
    },
    onUnanswered: () => {
      unansweredUsd += highestUsd;
    },
    mayRepeat: () => unansweredUsd + highestUsd <= (limitUsd ?? highestUsd),
  };
  try {
    const result = await generateText({
      model: shapedModel(
        resolved.local ? resolved.model : patientModel(resolved.model, patience),
        request.answerSchema,
      ),
      system: request.system,
      prompt: request.user,
      seed: request.seed,
      temperature: request.temperature,
      maxOutputTokens: request.maxOutputTokens,
      // The patient model does it.
      maxRetries: 0,
      abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const usage = tokenUsage(result.totalUsage);
    return {
      text: result.text,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      costUsd: costUsd(usage, resolved.price) + unansweredUsd,
      latencyMs: latencyOf(result.providerMetadata, performance.now() - began - lostMs),
    };
  } catch (error) {
    throw unavailable(resolved.id, error, timeout, unansweredUsd);
  }
}

/** The model, held to answers of a shape. Its text is read by whoever asked for it: no server is trusted to keep to it. */
function shapedModel(model: LanguageModelV3, schema: JSONSchema7 | undefined): LanguageModelV3 {
  if (schema === undefined) return model;
  const responseFormat = { type: "json", schema, name: "answer" } as const;
  return {
    specificationVersion: "v3",
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => model.doGenerate({ ...options, responseFormat }),
    doStream: (options) => model.doStream({ ...options, responseFormat }),
  };
}

/** The provider's error object holds the request and its headers, so only its words and status are passed on. */
function unavailable(
  modelId: string,
  error: unknown,
  timeout: AbortSignal,
  unansweredUsd: number,
): ModelUnavailable {
  if (timeout.aborted) {
    const message = `${modelId} did not answer within ${callTimeoutMs / 1_000} s.`;
    const details = { status: null, retryable: true };
    const fault = { kind: "passing", retryAfterMs: null } as const;
    return new ModelUnavailable(message, details, fault, unansweredUsd);
  }
  const failure = providerFailure(error);
  const { status, retryable, message } = failure;
  const fault = providerFault(failure, modelId);
  const details = { status, retryable };
  return new ModelUnavailable(`${modelId} failed: ${message}`, details, fault, unansweredUsd);
}

/** Highest possible cost of a request in USD, for its reservation. */
export function highestCostUsd(resolved: ResolvedModel, request: TextRequest): number {
  const shape = request.answerSchema === undefined ? "" : JSON.stringify(request.answerSchema);
  const texts = [request.system, request.user, shape];
  const inputTokens = texts.reduce((sum, text) => sum + tokensAtMost(text), frameTokens);
  return costUsd(
    { inputTokens, outputTokens: request.maxOutputTokens, cachedInputTokens: 0 },
    resolved.price,
  );
}
