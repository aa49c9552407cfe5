import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { agentParams } from "#lib/http/requests.ts";
import type { AgentSummary } from "#lib/http/shapes/agent.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: agentParams },
  async ({ db, params }): Promise<AgentSummary> =>
    agentSummary(db, await requireAgentType(db, params.agentType), new Date()),
);
