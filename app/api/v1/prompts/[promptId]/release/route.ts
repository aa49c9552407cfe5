import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/reviews.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { releaseWithoutProof } from "#lib/registry/release.ts";

export const POST = route(endpoints.releasePrompt, async ({ db, params, body, actor }) => {
  const release = await releaseWithoutProof(db, { promptId: params.promptId, actor, ...body });
  const [prompt] = await publicPrompts(db, [release.prompt]);
  return {
    prompt,
    tag: { name: release.tag.tag, generation: release.tag.generation },
    archived_prompt_id: release.archivedPromptId,
  };
});
