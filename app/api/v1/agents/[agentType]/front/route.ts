import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { agentParams } from "#lib/http/requests.ts";
import type { AgentFront } from "#lib/http/shapes/optimization.ts";
import { agentFront } from "#lib/http/views/optimization-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "optimizations:read" }, params: agentParams },
  async ({ db, params }): Promise<AgentFront> => {
    const { name } = await requireAgentType(db, params.agentType);
    return agentFront(db, name);
  },
);
