import { generateText } from "ai";
import type { ResolvedModel } from "./models.ts";
import { costUsd, tokensAtMost } from "./prices.ts";
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

/** One text completion, with retries for what may pass (429 and its Retry-After, 5xx, a broken connection). */
export async function completeText(
  resolved: ResolvedModel,
  request: TextRequest,
  signal?: AbortSignal,
): Promise<TextReply> {
  const began = performance.now();
  const timeout = AbortSignal.timeout(callTimeoutMs);
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
}

/** Highest possible cost of a request in USD, for its reservation. */
export function highestCostUsd(resolved: ResolvedModel, request: TextRequest): number {
  const inputTokens = tokensAtMost(request.system) + tokensAtMost(request.user) + 64;
  return costUsd(
    { inputTokens, outputTokens: request.maxOutputTokens, cachedInputTokens: 0 },
    resolved.price,
  );
}
