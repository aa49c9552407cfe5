/** What trials and proposals may cost where nothing was measured: bounds from the price table. */
import type { AgentType } from "../db/agent-types.ts";
import type { Executor } from "../db/client.ts";
import type { PromptRecord } from "../db/prompts.ts";
import type { OptimizationConfig } from "../domain/optimization.ts";
import { canonicalModelId, findPrice } from "../llm/models.ts";
import { costUsd, type ModelPrice, type PriceTable, tokensAtMost } from "../llm/prices.ts";
import { productionPrompt } from "../registry/production.ts";
import type { MeasuredCosts, Range } from "./measured-costs.ts";

/** Of English text; tokenizers in use differ from it by a third. */
const bytesPerToken = 4;
const taskTokens = { low: 50, high: 2_000 };
const answerTokensLow = 60;

/**
 * Range of one trial from list prices: one short call of each agent at the least; at the most every agent using half of
 * its steps, which is still within the cap of a trial. Null when a model has no price.
 */
export async function trialCostsFromPrices(
  db: Executor,
  input: {
    agent: AgentType;
    prompt: PromptRecord;
    companions: readonly AgentType[];
    config: OptimizationConfig;
    prices: PriceTable;
  },
): Promise<MeasuredCosts | null> {
  const { agent, prompt, companions, config, prices } = input;
  const parts = [{ prompt, defaultModel: agent.defaultModel }];
  for (const companion of companions) {
    const production = await productionPrompt(db, companion.name);
    if (production !== null)
      parts.push({ prompt: production.prompt, defaultModel: companion.defaultModel });
  }
  const cost: Range = { low: 0, high: 0 };
  const calls: Range = { low: 0, high: 0 };
  for (const part of parts) {
    const model = part.prompt.parameters.model ?? config.model ?? part.defaultModel;
    const price = findPrice(canonicalModelId(model), prices);
    if (price === null) return null;
    const steps = part.prompt.tools.length > 0 ? Math.ceil(part.prompt.parameters.maxSteps / 2) : 1;
    const one = callCosts(part.prompt, price, taskTokens, {
      low: answerTokensLow,
      high: part.prompt.parameters.maxOutputTokens,
    });
    cost.low += one.low;
    cost.high += steps * one.high;
    calls.low += 1;
    calls.high += steps;
  }
  cost.high = Math.min(cost.high, config.budget.trialCapUsd);
  cost.low = Math.min(cost.low, cost.high);
  return { n: 0, costUsd: cost, latencyMs: { low: 0, high: 0 }, modelCalls: calls };
}

/** Range of one call that writes or checks a prompt: it reads the prompt and some failures and writes a prompt anew. */
export function proposalCostsFromPrices(prompt: PromptRecord, price: ModelPrice): Range {
  const own = promptTokens(prompt);
  return callCosts(
    prompt,
    price,
    { low: 200, high: 6_000 },
    { low: 20, high: Math.max(1_000, 2 * own) },
  );
}

function callCosts(prompt: PromptRecord, price: ModelPrice, beside: Range, answer: Range): Range {
  const own = promptTokens(prompt);
  const of = (inputTokens: number, outputTokens: number) =>
    costUsd({ inputTokens, outputTokens, cachedInputTokens: 0 }, price);
  return { low: of(own + beside.low, answer.low), high: of(own + beside.high, answer.high) };
}

function promptTokens({ content }: PromptRecord): number {
  return Math.ceil(tokensAtMost(content) / bytesPerToken);
}
