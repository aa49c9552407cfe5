import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";

export const GET = route(endpoints.getPrompt, async ({ db, params }) => {
  const [shown] = await publicPrompts(db, [await requirePrompt(db, params.promptId)]);
  return shown;
});
