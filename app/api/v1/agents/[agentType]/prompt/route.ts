import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/controller.ts";
import { servePrompt } from "#lib/registry/serve-prompt.ts";

/** The controller's fetch. */
export const GET = route(endpoints.fetchPrompt, async ({ db, params, query, request }) => {
  const { status, headers, body } = await servePrompt(db, {
    agentType: params.agentType,
    tag: query.tag,
    ifNoneMatch: request.headers.get("if-none-match"),
  });
  return new Response(body, { status, headers });
});
