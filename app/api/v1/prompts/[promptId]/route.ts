import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import { promptParams } from "#lib/http/requests.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";

export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: promptParams },
  async ({ db, params }) => {
    const [shown] = await publicPrompts(db, [await requirePrompt(db, params.promptId)]);
    return shown;
  },
);
