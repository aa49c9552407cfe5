/** What a trial of a label world takes: tokens by the length of the texts, prices and speeds by the model's tier. */
import type { PromptGenome } from "#lib/domain/prompt.ts";
import type { WorldRow } from "./rows.ts";

interface Tier {
  inputUsdPerMTok: number;
  outputUsdPerMTok: number;
  speed: number;
}

/** From the smallest on: what a smaller one saves, it loses in success. */
const tiers: Readonly<Record<string, Tier>> = {
  "world:small": { inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.4, speed: 0.5 },
  "world:light": { inputUsdPerMTok: 0.2, outputUsdPerMTok: 0.8, speed: 0.75 },
  "world:standard": { inputUsdPerMTok: 0.4, outputUsdPerMTok: 1.6, speed: 1 },
};
export const models: readonly string[] = Object.keys(tiers);
export const startModel = "world:standard";

const charactersPerToken = 4;
const outputTokens = 3;
const wait = { callMs: 120, inputTokenMs: 0.6, outputTokenMs: 12 };
/** Latency differs from trial to trial by up to this share on either side. */
const jitter = 0.1;

/** USD, ms and tokens of one trial; `luck` in 0..1 moves the latency. */
export function usageOf(genome: PromptGenome, input: string, luck: number) {
  const inputTokens = tokensOf(genome.content) + tokensOf(input);
  const { costUsd, latencyMs } = takenBy(genome, inputTokens);
  return {
    costUsd,
    latencyMs: latencyMs * (1 + jitter * (2 * luck - 1)),
    inputTokens,
    outputTokens,
  };
}

/** Means over all rows, without luck. */
export function meanUsage(genome: PromptGenome, rows: readonly WorldRow[]) {
  const rowTokens = rows.reduce((sum, { input }) => sum + tokensOf(input), 0) / rows.length;
  return takenBy(genome, tokensOf(genome.content) + rowTokens);
}

function takenBy({ parameters }: PromptGenome, inputTokens: number) {
  const tier = tiers[parameters.model ?? startModel];
  if (tier === undefined) throw new RangeError(`there is no model ${parameters.model}`);
  const costUsd =
    (inputTokens * tier.inputUsdPerMTok + outputTokens * tier.outputUsdPerMTok) / 1_000_000;
  const latencyMs =
    tier.speed *
    (wait.callMs + inputTokens * wait.inputTokenMs + outputTokens * wait.outputTokenMs);
  return { costUsd, latencyMs };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
