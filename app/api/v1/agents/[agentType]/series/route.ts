import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { agentParams, seriesQuery } from "#lib/http/requests.ts";
import type { AgentSeries } from "#lib/http/shapes/agent.ts";
import { agentSeries } from "#lib/http/views/agent-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "runs:read" }, params: agentParams, query: seriesQuery },
  async ({ db, params, query }): Promise<AgentSeries> => {
    const { name } = await requireAgentType(db, params.agentType);
    return agentSeries(db, name, query.range, new Date());
  },
);
