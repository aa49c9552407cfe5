import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { agentLineage } from "#lib/http/views/agent-view.ts";

export const GET = route(endpoints.getAgentLineage, async ({ db, params }) => {
  const { name } = await requireAgentType(db, params.agentType);
  return agentLineage(db, name);
});
