import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { agentParams } from "#lib/http/requests.ts";
import type { AgentLineage } from "#lib/http/shapes/agent.ts";
import { agentLineage } from "#lib/http/views/agent-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: agentParams },
  async ({ db, params }): Promise<AgentLineage> => {
    const { name } = await requireAgentType(db, params.agentType);
    return agentLineage(db, name);
  },
);
