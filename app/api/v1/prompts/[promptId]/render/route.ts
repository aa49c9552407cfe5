import { route } from "#app/services.ts";
import { requirePrompt } from "#lib/db/prompts.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { previewTemplate } from "#lib/registry/preview.ts";

export const POST = route(endpoints.renderPrompt, async ({ db, params, body }) => {
  const { content } = await requirePrompt(db, params.promptId);
  return previewTemplate(content, body.variables);
});
