import { generateText } from "ai";
import type { ProviderFault } from "../domain/trial.ts";
import { AppError } from "../errors.ts";
import type { ResolvedModel } from "./models.ts";
import { costUsd, tokensAtMost } from "./prices.ts";
import { providerFailure, providerFault } from "./provider-error.ts";
import { latencyOf, tokenUsage } from "./usage.ts";

export interface TextRequest {
  system: string;
  user: string;
  seed: number;
  temperature: number;
  maxOutputTokens: number;
}

export interface TextReply {
  text: string;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  latencyMs: number;
}

const callTimeoutMs = 120_000;
const retries = 3;
/** Tokens that a chat's frame adds to its texts, from above. */
const frameTokens = 64;

/** A model that gave no answer; `fault` says what that means for the next call. */
export class ModelUnavailable extends AppError {
  constructor(
    message: string,
    details: { status: number | null; retryable: boolean },
    readonly fault: ProviderFault | undefined,
  ) {
    super("unavailable", message, { details });
  }
}

/**
 * One text completion, with retries for what may pass (429 and its Retry-After, 5xx, a broken connection). Throws
 * ModelUnavailable with the provider's status when it fails for good, and the caller's reason when called off.
 */
export async function completeText(
  resolved: ResolvedModel,
  request: TextRequest,
  signal?: AbortSignal,
): Promise<TextReply> {
  const began = performance.now();
  const timeout = AbortSignal.timeout(callTimeoutMs);
  try {
    const result = await generateText({
      model: resolved.model,
      system: request.system,
      prompt: request.user,
      seed: request.seed,
      temperature: request.temperature,
      maxOutputTokens: request.maxOutputTokens,
      maxRetries: retries,
      abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const usage = tokenUsage(result.totalUsage);
    return {
      text: result.text,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      costUsd: costUsd(usage, resolved.price),
      latencyMs: latencyOf(result.providerMetadata, performance.now() - began),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw unavailable(resolved.id, error, timeout);
  }
}

/** The provider's error object holds the request and its headers, so only its words and status are passed on. */
function unavailable(modelId: string, error: unknown, timeout: AbortSignal): ModelUnavailable {
  if (timeout.aborted) {
    const message = `${modelId} did not answer within ${callTimeoutMs / 1_000} s.`;
    const details = { status: null, retryable: true };
    return new ModelUnavailable(message, details, { kind: "passing", retryAfterMs: null });
  }
  const failure = providerFailure(error);
  const { status, retryable, message } = failure;
  const fault = providerFault(failure, modelId);
  return new ModelUnavailable(`${modelId} failed: ${message}`, { status, retryable }, fault);
}

/** Highest possible cost of a request in USD, for its reservation. */
export function highestCostUsd(resolved: ResolvedModel, request: TextRequest): number {
  const inputTokens = tokensAtMost(request.system) + tokensAtMost(request.user) + frameTokens;
  return costUsd(
    { inputTokens, outputTokens: request.maxOutputTokens, cachedInputTokens: 0 },
    resolved.price,
  );
}
