import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { diffQuery, promptParams } from "#lib/http/requests.ts";
import type { PromptComparison } from "#lib/http/shapes/prompt.ts";
import { diffPrompts } from "#lib/registry/diff-prompts.ts";

/** From the prompt `against` to this one. */
export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: promptParams, query: diffQuery },
  async ({ db, params, query }): Promise<PromptComparison> => {
    const after = await requirePrompt(db, params.promptId);
    const before = await requirePrompt(db, query.against);
    return {
      before: { id: before.id, version: before.version, agent_type: before.agentType },
      after: { id: after.id, version: after.version, agent_type: after.agentType },
      diff: diffPrompts(before, after),
    };
  },
);
