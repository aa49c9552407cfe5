/** A model that asks again by itself for what may pass, so that a turn of many calls need not begin anew. */
import type { LanguageModelV3, LanguageModelV3CallOptions } from "@ai-sdk/provider";
import { pause } from "../pause.ts";
import { draw } from "../random.ts";
import { type PauseRule, retryPauseMs } from "../retry-pause.ts";
import { mayBeBilled, providerFailure } from "./provider-error.ts";

export interface Patience {
  /** Seeds the spread of the pauses. */
  seed: number;
  /** Attempts at one call. */
  attempts: number;
  /** Ends pauses: the failure stands as it is. Calls under way go on. */
  hurry: AbortSignal;
  /** Told how long a call that came through had waited and been refused before: nobody's prompt answers for that. */
  onLost: (ms: number) => void;
  /** Told of an attempt that brought no answer and may be billed all the same. */
  onUnanswered: () => void;
  /** Asked before another attempt, after what may have been billed was told. */
  mayRepeat: () => boolean;
}

const rule: PauseRule = { firstMs: 2_000, growth: 2, maxMs: 60_000 };

/** The model with its calls repeated after a 429, a 5xx or a broken connection; longer waits are the caller's business. */
export function patientModel(model: LanguageModelV3, patience: Patience): LanguageModelV3 {
  return {
    specificationVersion: "v3",
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => generate(model, options, patience),
    doStream: (options) => model.doStream(options),
  };
}

async function generate(
  model: LanguageModelV3,
  options: LanguageModelV3CallOptions,
  { seed, attempts, hurry, onLost, onUnanswered, mayRepeat }: Patience,
) {
  const began = performance.now();
  for (let failed = 1; ; failed++) {
    const attemptBegan = performance.now();
    try {
      const result = await model.doGenerate(options);
      onLost(attemptBegan - began);
      return result;
    } catch (error) {
      if (options.abortSignal?.aborted || mayBeBilled(error)) onUnanswered();
      const { retryable, retryAfterMs } = providerFailure(error);
      const isTooLong = retryAfterMs !== null && retryAfterMs > rule.maxMs;
      if (!retryable || isTooLong || failed >= attempts || !mayRepeat()) throw error;
      const ends = AbortSignal.any([hurry, options.abortSignal ?? hurry]);
      const draws = draw(seed, "call-pause", failed);
      await pause(retryPauseMs(failed, retryAfterMs, { rule, draws }), ends);
      if (ends.aborted) throw error;
    }
  }
}
