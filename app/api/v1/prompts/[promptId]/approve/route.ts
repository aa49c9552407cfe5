import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/reviews.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { approveCandidate } from "#lib/registry/decide.ts";

export const POST = route(endpoints.approvePrompt, async ({ db, params, body, actor }) => {
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
});
