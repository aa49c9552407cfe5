/** Labelled rows and a real model as an arena: other people's data, an OpenAI-compatible server, temperature 0. */
import { contentHash } from "#lib/content-hash.ts";
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { promptGenome } from "#lib/domain/prompt.ts";
import type { TrialResult } from "#lib/domain/trial.ts";
import { runTrial } from "#lib/harness/run-trial.ts";
import type { HarnessBenchmark } from "#lib/harness/trial-request.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { parsePriceTable } from "#lib/llm/prices.ts";
import { parseSuite } from "#lib/suites/parse-suite.ts";
import { sealSuite } from "#lib/suites/seal-suite.ts";
import { splitRows } from "../../local-model/rows.ts";
import type { Arena, ArenaTrial } from "./arena.ts";
import { keptAnswers } from "./kept-answers.ts";
import { scriptedProposer } from "./scripted-proposer.ts";

const timeoutMs = 600_000;

export interface LabelledOptions {
  task: string;
  /** JSONL rows with input, expected and labels. */
  rows: string;
  /** Instructions that people wrote for the task: searches start from the first, the proposer draws on all. */
  instructions: readonly [string, ...string[]];
  url: string;
  model: string;
  /** Rows kept aside as fresh ones. */
  fresh: number;
  /** Which rows those are. */
  split: number;
  /**
   * Tokens a second that the model reads and writes when it has nothing else to do. Latency is then what the tokens take,
   * and two methods can be compared though other work came and went while they ran; null takes it by the clock.
   */
  speed: Speed | null;
  concurrency: number;
  /** JSONL file that answers at temperature 0 are kept in: whatever asks again, in any run, gets the same. */
  answersFile: string;
}

export interface Speed {
  inputTokensPerSecond: number;
  outputTokensPerSecond: number;
}

/** Throws when the rows are bad or too few. */
export async function labelledArena(options: LabelledOptions): Promise<Arena> {
  const { task, url, fresh, split, speed, concurrency } = options;
  const { searchLines, test } = splitRows(options.rows, fresh, split);
  // A model of one's own costs nothing, but without a price length would count for nothing either.
  const price = { [options.model]: { inputUsdPerMTok: 0.01, outputUsdPerMTok: 0.04 } };
  const model = resolveModel(options.model, {
    keys: { compatible: { url, apiKey: undefined } },
    prices: parsePriceTable(JSON.stringify(price)),
  });
  const answers = await keptAnswers(options.answersFile);
  const ask = async ({ genome, benchmark, repeat, seed }: ArenaTrial) => {
    const trial = await runTrial(
      {
        system: "single",
        benchmark,
        prompts: { agent: { promptId: "measured", ...genome, model: model.id } },
        runSeed: seed,
        repeat,
        timeoutMs,
        costLimitUsd: null,
      },
      () => model,
    );
    if (trial.failure?.errorClass === "model-error") throw new Error(trial.failure.message);
    return trial;
  };
  const full = (row: HarnessBenchmark): Omit<Benchmark, "group" | "sealed"> => ({
    ...row,
    suite: task,
    externalId: row.id,
    weight: 1,
    family: null,
    required: false,
  });
  const rows = parseSuite(searchLines.join("\n")).benchmarks.map((row) =>
    full({ ...row, id: row.externalId, contentHash: row.externalId }),
  );
  return {
    name: task,
    agent: {
      name: task,
      system: "single",
      suite: task,
      description: "Answers with a label.",
      requiredVariables: ["input"],
      protectedTexts: [],
      allowedTools: [],
      defaultModel: options.model,
      parameterBounds: { temperature: [0, 1], topP: [0.5, 1], maxSteps: [1, 1], models: [] },
      repeats: "same",
      nonInferiorityMargin: 0.05,
    },
    start: promptGenome.parse({
      content: `system:\n${options.instructions[0].trim()}\nuser:\n{{ input }}\n`,
      parameters: { temperature: 0, maxSteps: 1, maxOutputTokens: 16 },
      tools: [],
    }),
    benchmarks: sealSuite(rows),
    fresh: sealSuite(test.map(full)),
    simulated: false,
    concurrency,
    completer: scriptedProposer(options.instructions),
    keyOf,
    run: async (trial) => {
      const result = await answers.answer(keyOf(trial), () => ask(trial));
      return speed === null ? result : { ...result, latencyMs: millisecondsAt(speed, result) };
    },
    close: async () => {},
  };
}

/** What the tokens of a trial take, without a cache and without waiting for others. */
export function millisecondsAt(
  { inputTokensPerSecond, outputTokensPerSecond }: Speed,
  { inputTokens, outputTokens }: Pick<TrialResult, "inputTokens" | "outputTokens">,
): number {
  return 1_000 * (inputTokens / inputTokensPerSecond + outputTokens / outputTokensPerSecond);
}

/** At temperature 0 the model answers the same each time: neither the repeat nor the seed makes it another call. */
function keyOf({ genome, benchmark, repeat, seed }: ArenaTrial): string {
  const call = `${contentHash(genome)}/${benchmark.id}`;
  return genome.parameters.temperature === 0 ? call : `${call}/${repeat}/${seed}`;
}
