import { route } from "#app/services.ts";
import { listExperiments } from "#lib/db/experiments.ts";
import * as endpoints from "#lib/http/endpoints/experiments.ts";
import { publicExperiments } from "#lib/http/views/experiment-view.ts";

export const GET = route(endpoints.listExperiments, async ({ db, query }) => {
  const { items, nextCursor } = await listExperiments(db, query);
  return { items: await publicExperiments(db, items), nextCursor };
});
