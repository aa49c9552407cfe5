import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { diffPrompts } from "#lib/registry/diff-prompts.ts";

/** From the prompt `against` to this one. */
export const GET = route(endpoints.diffPrompt, async ({ db, params, query }) => {
  const after = await requirePrompt(db, params.promptId);
  const before = await requirePrompt(db, query.against);
  return {
    before: { id: before.id, version: before.version, agent_type: before.agentType },
    after: { id: after.id, version: after.version, agent_type: after.agentType },
    diff: diffPrompts(before, after),
  };
});
