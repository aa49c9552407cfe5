import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { agentParams, tagQuery } from "../requests.ts";
import { instant } from "../shapes/common.ts";
import { publicPrompt } from "../shapes/prompt.ts";

/** What a controller fetches: the prompt and the tag it was found by. */
export const servedPrompt = publicPrompt.extend({
  tag: z.object({ name: z.string(), generation: z.int(), moved_at: instant }),
});

export const fetchPrompt = endpoint({
  id: "fetchPrompt",
  method: "GET",
  path: "/agents/{agentType}/prompt",
  group: "Controllers",
  summary: "The prompt behind a tag, for controllers",
  description:
    "Carries a strong ETag; send it back as If-None-Match and the answer is 304 while nothing changed. A tag that does not exist is 404 with details.reason no-such-tag, never another tag's prompt.",
  access: { role: "viewer", scope: "prompts:read" },
  params: agentParams,
  query: tagQuery,
  answers: {
    200: { description: "The prompt.", schema: servedPrompt },
    304: { description: "What the caller has is still so." },
  },
  refusals: ["not-found"],
});
