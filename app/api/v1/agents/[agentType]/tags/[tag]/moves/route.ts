import { route } from "#app/services.ts";
import { listTagMoves } from "#lib/db/tags.ts";
import * as endpoints from "#lib/http/endpoints/tags.ts";
import { requireTag } from "#lib/registry/tags.ts";

export const GET = route(endpoints.listTagMoves, async ({ db, params, query }) => {
  await requireTag(db, params.agentType, params.tag);
  return listTagMoves(db, { ...params, ...query });
});
