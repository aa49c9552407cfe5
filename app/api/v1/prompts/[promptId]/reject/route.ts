import { route } from "#app/services.ts";
import { promptParams } from "#lib/http/requests.ts";
import { decisionInput } from "#lib/http/shapes/review.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { rejectCandidate } from "#lib/registry/decide.ts";

/** A person decides: no key has a scope for this. */
export const POST = route(
  { access: { role: "admin" }, params: promptParams, body: decisionInput },
  async ({ db, params, body, actor }) => {
    const rejected = await rejectCandidate(db, {
      promptId: params.promptId,
      reviewer: actor,
      ...body,
    });
    const [prompt] = await publicPrompts(db, [rejected]);
    return { prompt };
  },
);
