import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { agentSeries } from "#lib/http/views/agent-view.ts";

export const GET = route(endpoints.getAgentSeries, async ({ db, params, query }) => {
  const { name } = await requireAgentType(db, params.agentType);
  return agentSeries(db, name, query.range, new Date());
});
