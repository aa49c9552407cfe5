import { route } from "#app/services.ts";
import { agentParams, tagQuery } from "#lib/http/requests.ts";
import { servePrompt } from "#lib/registry/serve-prompt.ts";

/** The controller's fetch. */
export const GET = route(
  { access: { role: "viewer", scope: "prompts:read" }, params: agentParams, query: tagQuery },
  async ({ db, params, query, request }) => {
    const { status, headers, body } = await servePrompt(db, {
      agentType: params.agentType,
      tag: query.tag,
      ifNoneMatch: request.headers.get("if-none-match"),
    });
    return new Response(body, { status, headers });
  },
);
