import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { agentLineage } from "#lib/http/views/agent-view.ts";

export const GET = route(endpoints.getPromptLineage, async ({ db, params }) => {
  const { id, agentType } = await requirePrompt(db, params.promptId);
  return agentLineage(db, agentType, id);
});
