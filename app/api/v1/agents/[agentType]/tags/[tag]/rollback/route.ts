import { route } from "#app/services.ts";
import { prodTag } from "#lib/db/tags.ts";
import { AppError } from "#lib/errors.ts";
import * as endpoints from "#lib/http/endpoints/tags.ts";
import { expectedGeneration, taggedResponse } from "#lib/http/tag-state.ts";
import { rollBackTag } from "#lib/registry/tags.ts";

export const POST = route(endpoints.rollBackTag, async ({ db, params, body, actor, ifMatch }) => {
  if (params.tag !== prodTag)
    throw new AppError("conflict", `The tag "${params.tag}" is moved, not rolled back.`);
  const generation = await expectedGeneration(db, params, ifMatch);
  const { agentType } = params;
  const { promptId, reason } = body;
  return taggedResponse(
    await rollBackTag(db, {
      agentType,
      actor,
      reason,
      expectedGeneration: generation,
      ...(promptId === undefined ? {} : { toPromptId: promptId }),
    }),
  );
});
