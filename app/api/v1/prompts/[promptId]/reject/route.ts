import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/reviews.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { rejectCandidate } from "#lib/registry/decide.ts";

export const POST = route(endpoints.rejectPrompt, async ({ db, params, body, actor }) => {
  const rejected = await rejectCandidate(db, {
    promptId: params.promptId,
    reviewer: actor,
    ...body,
  });
  const [prompt] = await publicPrompts(db, [rejected]);
  return { prompt };
});
