import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/experiments.ts";
import { trialPageOf } from "#lib/http/views/trial-view.ts";

export const GET = route(endpoints.listTrials, ({ db, params, query }) =>
  trialPageOf(db, { ...params, ...query }),
);
