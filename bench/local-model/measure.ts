import pLimit from "p-limit";
import type { PromptParameters } from "#lib/domain/prompt.ts";
import { runTrial } from "#lib/harness/run-trial.ts";
import type { HarnessBenchmark } from "#lib/harness/trial-request.ts";
import type { ResolvedModel } from "#lib/llm/models.ts";
import { wilsonInterval } from "#lib/stats/wilson.ts";

export interface MeasuredPrompt {
  content: string;
  parameters: PromptParameters;
}

export interface Accuracy {
  right: number;
  /** Answers that name no label at all: they count as wrong. */
  withoutLabel: number;
  n: number;
  rate: number;
  low: number;
  high: number;
  tokensPerCall: number;
  /** Right or wrong by row, in the rows' order. */
  outcomes: boolean[];
}

/** Runs a prompt once on each row through the product's own harness. Throws when the model could not be asked. */
export async function measureAccuracy(
  prompt: MeasuredPrompt,
  rows: readonly HarnessBenchmark[],
  { model, concurrency }: { model: ResolvedModel; concurrency: number },
): Promise<Accuracy> {
  const limit = pLimit(concurrency);
  const results = await Promise.all(
    rows.map((benchmark) =>
      limit(() =>
        runTrial(
          {
            system: "single",
            benchmark,
            prompts: {
              agent: { ...prompt, promptId: "measured", tools: [], model: model.id },
            },
            runSeed: 1,
            repeat: 0,
            timeoutMs: 600_000,
            costLimitUsd: null,
          },
          () => model,
        ),
      ),
    ),
  );
  const broken = results.find(
    ({ failure }) => failure !== null && failure.errorClass !== "wrong-answer",
  );
  if (broken?.failure) throw new Error(broken.failure.message);
  const right = results.filter(({ outcome }) => outcome === "success").length;
  const tokens = results.reduce((sum, trial) => sum + trial.inputTokens + trial.outputTokens, 0);
  return {
    right,
    withoutLabel: results.filter(({ failure }) => failure?.signature.endsWith("/no-label")).length,
    n: rows.length,
    rate: right / rows.length,
    ...wilsonInterval(right, rows.length),
    tokensPerCall: tokens / rows.length,
    outcomes: results.map(({ outcome }) => outcome === "success"),
  };
}
