import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { judgeTemplate } from "#lib/registry/preview.ts";

export const POST = route(endpoints.checkTemplate, async ({ db, body }) => {
  const agent = body.agentType === undefined ? null : await requireAgentType(db, body.agentType);
  return judgeTemplate(body.content, agent?.requiredVariables ?? []);
});
