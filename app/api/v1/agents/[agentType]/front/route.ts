import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { agentFront } from "#lib/http/views/optimization-view.ts";

export const GET = route(endpoints.getAgentFront, async ({ db, params }) => {
  const { name } = await requireAgentType(db, params.agentType);
  return agentFront(db, name);
});
