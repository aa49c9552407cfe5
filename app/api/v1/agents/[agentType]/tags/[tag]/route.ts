import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/tags.ts";
import { expectedGeneration, taggedResponse } from "#lib/http/tag-state.ts";
import { moveTag, requireTag } from "#lib/registry/tags.ts";

export const GET = route(endpoints.getTag, async ({ db, params }) =>
  taggedResponse(await requireTag(db, params.agentType, params.tag)),
);

export const PUT = route(endpoints.moveTag, async ({ db, params, body, actor, ifMatch }) => {
  const generation = await expectedGeneration(db, params, ifMatch);
  return taggedResponse(
    await moveTag(db, { ...params, ...body, actor, expectedGeneration: generation }),
  );
});
