import { route } from "#app/services.ts";
import { listPrompts } from "#lib/db/prompts.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { answered } from "#lib/http/route.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { createPrompt } from "#lib/registry/create-prompt.ts";

export const GET = route(endpoints.listPrompts, async ({ db, query }) => {
  const { items, nextCursor } = await listPrompts(db, query);
  return { items: await publicPrompts(db, items), nextCursor };
});

/** Answers with the row that exists when the same content was saved before. */
export const POST = route(endpoints.createPrompt, async ({ db, body, actor }) => {
  const { agentType, parentIds, message, ...genome } = body;
  const { prompt, created } = await createPrompt(db, {
    agentType,
    genome,
    change: "person",
    parents: parentIds.map((promptId) => ({ promptId, operator: "person" })),
    createdBy: actor,
    message,
  });
  const [shown] = await publicPrompts(db, [prompt]);
  return answered(created ? 201 : 200, { prompt: shown, created });
});
