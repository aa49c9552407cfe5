import { route } from "#app/services.ts";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/agents.ts";
import { answered } from "#lib/http/route.ts";
import { agentSummary } from "#lib/http/views/agent-view.ts";
import { addAgent } from "#lib/registry/add-agent.ts";

export const GET = route(endpoints.listAgents, async ({ db }) => {
  const { items } = await listAgentTypes(db);
  const now = new Date();
  return {
    items: await Promise.all(items.map((agent) => agentSummary(db, agent, now))),
    nextCursor: null,
  };
});

export const POST = route(endpoints.createAgent, async ({ db, body, actor }) => {
  const { prompt, ...input } = body;
  const { message, ...genome } = prompt;
  const { agent } = await addAgent(db, { agent: input, genome, message, actor, mayExist: false });
  return answered(201, await agentSummary(db, agent, new Date()));
});
