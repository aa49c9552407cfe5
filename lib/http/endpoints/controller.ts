import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { agentParams } from "../requests.ts";
import { instant } from "../shapes/common.ts";
import { publicPrompt } from "../shapes/prompt.ts";

/** What a controller fetches by a tag: the prompt and the tag it was found by. */
export const servedPrompt = publicPrompt
  .extend({ tag: z.object({ name: z.string(), generation: z.int(), moved_at: instant }) })
  .meta({ id: "TaggedPrompt" });

/** What it fetches by a version: only what never changes. */
export const pinnedPrompt = publicPrompt
  .omit({
    tags: true,
    unproven: true,
    status: true,
    fitness_score: true,
    fitness_simulated: true,
  })
  .meta({ id: "PinnedPrompt" });

const versionText = z
  .string()
  .regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/, "use three numbers, like 1.2.3");

/** One way to select. Which of two is meant nobody can say, and the same goes for names given twice. */
export const promptQuery = z
  .strictObject({
    tag: z.string().min(1).max(36).optional().meta({ description: "prod when absent." }),
    version: versionText.optional().meta({ description: "Instead of a tag." }),
  })
  .refine(({ tag, version }) => tag === undefined || version === undefined, {
    message: "give a tag or a version, not both",
    path: ["version"],
  });

export const fetchPrompt = endpoint({
  id: "fetchPrompt",
  method: "GET",
  path: "/agents/{agentType}/prompt",
  group: "Controllers",
  summary: "The prompt behind a tag, or one version, for controllers",
  description: [
    "Carries a strong ETag; send it back as If-None-Match and the answer is 304 while nothing changed. X-Genepool-Tag-Generation rises with every move of the tag.",
    "404 says in details.reason what is missing: no-such-agent, no-such-tag or no-such-version. Another tag's prompt is never sent instead.",
    "While the database is away the last known prompt is answered for ten minutes; X-Genepool-Stale says how many seconds ago it was known to be so. A version never changes and may be kept for a year.",
  ].join("\n\n"),
  access: { role: "viewer", scope: "prompts:read" },
  params: agentParams,
  query: promptQuery,
  answers: {
    200: { description: "The prompt.", schema: z.union([servedPrompt, pinnedPrompt]) },
    304: { description: "What the caller has is still so." },
  },
  refusals: ["not-found"],
});
