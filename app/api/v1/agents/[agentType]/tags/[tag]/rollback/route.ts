import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/tags.ts";
import { expectedGeneration, taggedResponse } from "#lib/http/tag-state.ts";
import { requireTag, rollBackTag } from "#lib/registry/tags.ts";

export const POST = route(endpoints.rollBackTag, async ({ db, params, body, actor, ifMatch }) => {
  await requireTag(db, params.agentType, params.tag);
  const generation = await expectedGeneration(db, params, ifMatch);
  const { promptId, reason } = body;
  return taggedResponse(
    await rollBackTag(db, {
      ...params,
      actor,
      reason,
      expectedGeneration: generation,
      ...(promptId === undefined ? {} : { toPromptId: promptId }),
    }),
  );
});
