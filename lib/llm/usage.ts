import type { LanguageModelUsage, ProviderMetadata } from "ai";
import { z } from "zod";
import type { TokenUsage } from "./prices.ts";

/** Tokens as the AI SDK counts them; a provider that does not say counts as none. */
export function tokenUsage(usage: LanguageModelUsage): TokenUsage {
  return {
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    cachedInputTokens: usage.inputTokenDetails?.cacheReadTokens ?? 0,
  };
}

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  };
}

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };

const clock = z.object({ clock: z.object({ latencyMs: z.number().nonnegative() }) });

/**
 * Latency of a call: what a model with a clock of its own reports in its metadata, else what was measured. So runs
 * with local deterministic models replay to the millisecond.
 */
export function latencyOf(metadata: ProviderMetadata | undefined, measuredMs: number): number {
  const own = clock.safeParse(metadata);
  return own.success ? own.data.clock.latencyMs : measuredMs;
}
