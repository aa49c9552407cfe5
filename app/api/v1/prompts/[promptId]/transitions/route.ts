import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/prompts.ts";
import { publicPrompts } from "#lib/http/views/prompt-refs.ts";
import { changeStatus, listTransitions } from "#lib/registry/transitions.ts";

export const GET = route(endpoints.listTransitions, ({ db, params, query }) =>
  listTransitions(db, { ...params, ...query }),
);

export const POST = route(
  endpoints.transitionPrompt,
  async ({ db, params, body, actor, ifMatch }) => {
    const moved = await changeStatus(db, { ...params, ...body, actor, from: ifMatch });
    const [shown] = await publicPrompts(db, [moved]);
    return shown;
  },
);
