import { readFile } from "node:fs/promises";
import { env, namedVariable } from "#lib/env.ts";
import { type CommandList, loadCommandList } from "#lib/graders/command-list.ts";
import { type GraderCommands, graderCommands } from "#lib/graders/commands.ts";
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

/** The operator's list of grading programs, as the environment names it. */
export function commandListFromEnv(): Promise<CommandList> {
  return loadCommandList(env().GENEPOOL_GRADER_COMMANDS_FILE);
}

/** The same programs to run. */
export async function graderCommandsFromEnv(): Promise<GraderCommands> {
  return graderCommands(await commandListFromEnv(), namedVariable);
}
