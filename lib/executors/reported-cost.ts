import { findPrice } from "#lib/llm/models.ts";
import { costUsd, type PriceTable } from "#lib/llm/prices.ts";
import type { GradedAnswer, RawAnswer } from "./contract.ts";
import type { ExecutorTask } from "./executor.ts";

export interface CostRules {
  free: boolean;
  /** Prices of the operator, over the list. */
  prices: PriceTable;
}

type Cost = { ok: true; costUsd: number } | { ok: false; message: string };

/** What the trial cost: as reported, else its tokens by the price table, else nothing where that was declared. */
export function costOf(
  { request }: ExecutorTask,
  { cost_usd, tokens, model }: RawAnswer | GradedAnswer,
  { free, prices }: CostRules,
): Cost {
  if (cost_usd !== null && cost_usd !== undefined) return { ok: true, costUsd: cost_usd };
  if (free) return { ok: true, costUsd: 0 };
  const advice = 'Answer "cost_usd", or tell the executor "free: true" if it costs nothing.';
  if (tokens === null || tokens === undefined)
    return { ok: false, message: `The answer has neither "cost_usd" nor "tokens". ${advice}` };
  const asked = [...new Set(Object.values(request.prompts).map((prompt) => prompt.model))];
  const name = model ?? (asked.length === 1 ? asked[0] : undefined);
  const price = name === undefined ? null : findPrice(name, prices);
  if (price === null) {
    const message = `The tokens have no price: ${name ?? "several models"} is not in the price table (GENEPOOL_PRICES_FILE). ${advice}`;
    return { ok: false, message };
  }
  const usage = { inputTokens: tokens.input, outputTokens: tokens.output, cachedInputTokens: 0 };
  return { ok: true, costUsd: costUsd(usage, price) };
}
