import { readFile } from "node:fs/promises";
import type { Env } from "../env.ts";
import type { ModelOptions } from "./models.ts";
import { parsePriceTable } from "./prices.ts";

/** Keys and prices as the environment names them. Throws AppError("invalid") for a price table that cannot be read. */
export async function modelOptions(env: Env): Promise<ModelOptions> {
  const url = env.OPENAI_COMPATIBLE_URL;
  const pricesFile = env.GENEPOOL_PRICES_FILE;
  return {
    keys: {
      openai: env.OPENAI_API_KEY,
      anthropic: env.ANTHROPIC_API_KEY,
      google: env.GOOGLE_GENERATIVE_AI_API_KEY,
      compatible: url === undefined ? undefined : { url, apiKey: env.OPENAI_COMPATIBLE_API_KEY },
    },
    prices: pricesFile === undefined ? {} : parsePriceTable(await readFile(pricesFile, "utf8")),
  };
}
