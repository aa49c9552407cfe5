import type { Executor } from "#lib/db/client.ts";
import { loadPrompts, type PromptRecord } from "#lib/db/prompts.ts";
import { fitnessScores } from "#lib/registry/fitness.ts";
import { publicPrompt } from "#lib/registry/public-prompt.ts";
import { AppError } from "../../errors.ts";
import type { PromptRef, PublicPrompt } from "../shapes/prompt.ts";

/** Prompts by id; a missing one means a broken reference. */
export class PromptIndex {
  constructor(private readonly byId: ReadonlyMap<string, PromptRecord>) {}

  static async load(db: Executor, ids: Iterable<string | null>): Promise<PromptIndex> {
    const known = [...new Set(ids)].filter((id) => id !== null);
    const prompts = await loadPrompts(db, known);
    return new PromptIndex(new Map(prompts.map((prompt) => [prompt.id, prompt])));
  }

  require(id: string): PromptRecord {
    const prompt = this.byId.get(id);
    if (prompt === undefined)
      throw new AppError("internal", `A row names the prompt ${id}, which is missing.`);
    return prompt;
  }

  ref(id: string): PromptRef {
    const { version } = this.require(id);
    return { id, version };
  }
}

/** Public shapes with their fitness, in the order given. */
export async function publicPrompts(
  db: Executor,
  prompts: readonly PromptRecord[],
): Promise<PublicPrompt[]> {
  const scores = await fitnessScores(
    db,
    prompts.map(({ id }) => id),
  );
  return prompts.map((prompt) => publicPrompt(prompt, scores.get(prompt.id) ?? null));
}
