import { env, namedVariable } from "#lib/env.ts";
import { type CommandList, loadCommandList } from "#lib/graders/command-list.ts";
import { type GraderCommands, graderCommands } from "#lib/graders/commands.ts";
import type { ModelOptions } from "#lib/llm/models.ts";
import { modelOptions } from "#lib/llm/options-from-env.ts";

/** Keys and prices as the environment gives them. */
export function modelOptionsFromEnv(): Promise<ModelOptions> {
  return modelOptions(env());
}

/** The operator's list of grading programs, as the environment names it. */
export function commandListFromEnv(): Promise<CommandList> {
  return loadCommandList(env().GENEPOOL_GRADER_COMMANDS_FILE);
}

/** The same programs to run. */
export async function graderCommandsFromEnv(): Promise<GraderCommands> {
  return graderCommands(await commandListFromEnv(), namedVariable);
}
