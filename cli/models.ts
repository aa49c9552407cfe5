import { readFile } from "node:fs/promises";
import type { Database } from "#lib/db/client.ts";
import { createExecutorCallbacks } from "#lib/db/executor-callbacks.ts";
import { env, operatorVariables } from "#lib/env.ts";
import { createRoster, type ExecutorRoster } from "#lib/executors/roster.ts";
import { readExecutors } from "#lib/executors/settings.ts";
import type { TrialPool } from "#lib/harness/pool.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import { parsePriceTable } from "#lib/llm/prices.ts";

/** Keys and prices as the environment gives them. */
export async function modelOptionsFromEnv(): Promise<ModelOptions> {
  const settings = env();
  const { GENEPOOL_PRICES_FILE: pricesFile, OPENAI_COMPATIBLE_URL: url } = settings;
  return {
    keys: {
      openai: settings.OPENAI_API_KEY,
      anthropic: settings.ANTHROPIC_API_KEY,
      google: settings.GOOGLE_GENERATIVE_AI_API_KEY,
      compatible:
        url === undefined ? undefined : { url, apiKey: settings.OPENAI_COMPATIBLE_API_KEY },
    },
    prices: pricesFile === undefined ? {} : parsePriceTable(await readFile(pricesFile, "utf8")),
  };
}

/** The executors of the operator's file beside the built-in one. */
export async function rosterFromEnv(
  db: Database,
  pool: TrialPool,
  { prices = {} }: ModelOptions,
): Promise<ExecutorRoster> {
  return createRoster({
    pool,
    settings: await readExecutors(env().GENEPOOL_EXECUTORS_FILE),
    prices,
    variables: operatorVariables(),
    callbacks: createExecutorCallbacks(db),
  });
}
