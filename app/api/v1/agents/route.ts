import { route } from "#app/services.ts";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";

export const GET = route(endpoints.listAgents, async ({ db }) => {
  const { items } = await listAgentTypes(db);
  const now = new Date();
  return {
    items: await Promise.all(items.map((agent) => agentSummary(db, agent, now))),
    nextCursor: null,
  };
});
