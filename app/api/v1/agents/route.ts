import { route } from "#app/services.ts";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";

export const GET = route({ access: { role: "viewer", scope: "prompts:read" } }, async ({ db }) => {
  const { items } = await listAgentTypes(db);
  const now = new Date();
  return {
    items: await Promise.all(items.map((agent) => agentSummary(db, agent, now))),
    nextCursor: null,
  };
});
