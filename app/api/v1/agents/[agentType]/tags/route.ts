import { route } from "#app/services.ts";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { listTags } from "#lib/db/tags.ts";
import * as endpoints from "#lib/http/endpoints/tags.ts";

export const GET = route(endpoints.listTags, async ({ db, params, query }) => {
  const { name } = await requireAgentType(db, params.agentType);
  return listTags(db, { ...query, agentType: name });
});
