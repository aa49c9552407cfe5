import { costUsd, type ModelPrice, type TokenUsage, tokensAtMost } from "../llm/prices.ts";

/** Thrown before a model call that could take a trial past its limit. */
export class TrialCostLimit extends Error {
  constructor(limitUsd: number) {
    super(`The run would cost more than its limit of ${limitUsd} USD.`);
    this.name = "TrialCostLimit";
  }
}

/** Counts what one trial costs and refuses a call whose highest cost would not fit: the limit is never passed. */
export class CostMeter {
  private spentUsd = 0;

  constructor(private readonly limitUsd: number | null) {}

  /**
   * Throws TrialCostLimit unless the call fits even if the model writes all it may. `messages` is what it will read, as
   * text; tokens are counted from above.
   */
  admit(messages: string, maxOutputTokens: number, price: ModelPrice): void {
    if (this.limitUsd === null) return;
    const highest = costUsd(
      {
        inputTokens: tokensAtMost(messages),
        outputTokens: maxOutputTokens,
        cachedInputTokens: 0,
      },
      price,
    );
    if (this.spentUsd + highest > this.limitUsd) throw new TrialCostLimit(this.limitUsd);
  }

  /** Books a call and answers what it cost in USD. */
  add(usage: TokenUsage, price: ModelPrice): number {
    const cost = costUsd(usage, price);
    this.spentUsd += cost;
    return cost;
  }
}
