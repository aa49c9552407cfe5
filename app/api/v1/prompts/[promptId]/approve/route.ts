import { route } from "#app/services.ts";
import { promptParams } from "#lib/http/requests.ts";
import { decisionInput } from "#lib/http/shapes/review.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { approveCandidate } from "#lib/registry/decide.ts";

/** A person decides: no key has a scope for this. */
export const POST = route(
  { access: { role: "admin" }, params: promptParams, body: decisionInput },
  async ({ db, params, body, actor }) => {
    const approval = await approveCandidate(db, {
      promptId: params.promptId,
      reviewer: actor,
      ...body,
    });
    const [prompt] = await publicPrompts(db, [approval.prompt]);
    return {
      prompt,
      tag: { name: approval.tag.tag, generation: approval.tag.generation },
      archived_prompt_id: approval.archivedPromptId,
    };
  },
);
