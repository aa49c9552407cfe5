import type { Executor } from "#lib/db/client.ts";
import { getPromptByVersion, type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { AppError } from "#lib/errors.ts";

/** By id, or as `agent@version`. */
export async function findPrompt(db: Executor, name: string): Promise<PromptRecord> {
  const [agentType, version] = name.split("@");
  if (agentType === undefined || version === undefined) return requirePrompt(db, name);
  const found = await getPromptByVersion(db, agentType, version);
  if (found === null) throw new AppError("not-found", `There is no prompt ${name}.`);
  return found;
}
