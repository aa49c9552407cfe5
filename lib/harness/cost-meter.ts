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

  /** What may still be spent in USD; infinite without a limit. */
  get leftUsd(): number {
    return this.limitUsd === null ? Number.POSITIVE_INFINITY : this.limitUsd - this.spentUsd;
  }

  /**
   * The most that a call can cost in USD. Throws TrialCostLimit unless it fits even if the model writes all it may.
   * `messages` is what it will read, as text; tokens are counted from above.
   */
  admit(messages: string, maxOutputTokens: number, price: ModelPrice): number {
    const highestUsd = costUsd(
      {
        inputTokens: tokensAtMost(messages),
        outputTokens: maxOutputTokens,
        cachedInputTokens: 0,
      },
      price,
    );
    if (this.limitUsd !== null && highestUsd > this.leftUsd)
      throw new TrialCostLimit(this.limitUsd);
    return highestUsd;
  }

  /** Books a call and answers what it cost in USD. */
  add(usage: TokenUsage, price: ModelPrice): number {
    return this.book(costUsd(usage, price));
  }

  /** Books what is known to have cost, or may have cost, so much, and answers it. */
  book(amountUsd: number): number {
    this.spentUsd += amountUsd;
    return amountUsd;
  }
}
