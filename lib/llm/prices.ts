import { z } from "zod";
import { AppError } from "../errors.ts";

/** USD per million tokens; reasoning tokens are billed as output. */
export const modelPrice = z.strictObject({
  inputUsdPerMTok: z.number().nonnegative(),
  outputUsdPerMTok: z.number().nonnegative(),
  /** Input read from the provider's cache; the input price when absent. */
  cachedInputUsdPerMTok: z.number().nonnegative().optional(),
});
export type ModelPrice = z.infer<typeof modelPrice>;
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const price = (
  inputUsdPerMTok: number,
  outputUsdPerMTok: number,
  cachedInputUsdPerMTok: number,
): ModelPrice => ({
  inputUsdPerMTok,
  outputUsdPerMTok,
  cachedInputUsdPerMTok,
});

/** List prices as the vendors published them by 2026-01; GENEPOOL_PRICES_FILE overrides and adds. */
export const listPrices: PriceTable = {
  "openai:gpt-4o": price(2.5, 10, 1.25),
  "openai:gpt-4o-mini": price(0.15, 0.6, 0.075),
  "openai:gpt-4.1": price(2, 8, 0.5),
  "openai:gpt-4.1-mini": price(0.4, 1.6, 0.1),
  "openai:gpt-4.1-nano": price(0.1, 0.4, 0.025),
  "openai:gpt-5": price(1.25, 10, 0.125),
  "openai:gpt-5-mini": price(0.25, 2, 0.025),
  "openai:gpt-5-nano": price(0.05, 0.4, 0.005),
  "anthropic:claude-3-5-haiku-20241022": price(0.8, 4, 0.08),
  "anthropic:claude-haiku-4-5": price(1, 5, 0.1),
  "anthropic:claude-sonnet-4-5": price(3, 15, 0.3),
  "anthropic:claude-opus-4-5": price(5, 25, 0.5),
  "google:gemini-2.0-flash": price(0.1, 0.4, 0.025),
  "google:gemini-2.5-flash-lite": price(0.1, 0.4, 0.01),
  "google:gemini-2.5-flash": price(0.3, 2.5, 0.03),
  "google:gemini-2.5-pro": price(1.25, 10, 0.125),
};

/** Reads a table written by the operator; throws AppError("invalid") that says what is wrong in it. */
export function parsePriceTable(text: string): PriceTable {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The price file is not JSON.", { cause });
  }
  const parsed = z.record(z.string(), modelPrice).safeParse(data);
  if (!parsed.success) {
    throw new AppError(
      "invalid",
      `The price file is not as expected: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

/** Tokens of one or several calls; cachedInputTokens are part of inputTokens. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
}

/** What the usage costs in USD. */
export function costUsd(
  usage: TokenUsage,
  { inputUsdPerMTok, outputUsdPerMTok, cachedInputUsdPerMTok }: ModelPrice,
): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const fresh = usage.inputTokens - cached;
  const perMillion =
    fresh * inputUsdPerMTok +
    cached * (cachedInputUsdPerMTok ?? inputUsdPerMTok) +
    usage.outputTokens * outputUsdPerMTok;
  return perMillion / 1_000_000;
}

/** Tokens of a text from above: no tokenizer in use makes more tokens than bytes. */
export function tokensAtMost(text: string): number {
  return new TextEncoder().encode(text).length;
}
