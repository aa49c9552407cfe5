import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";
import { changeAgent } from "#lib/registry/change-agent.ts";

export const GET = route(endpoints.getAgent, async ({ db, params }) =>
  agentSummary(db, await requireAgentType(db, params.agentType), new Date()),
);

export const PATCH = route(endpoints.changeAgent, async ({ db, params, body, actor }) =>
  agentSummary(db, await changeAgent(db, params.agentType, body, actor), new Date()),
);
