import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/experiments.ts";
import { experimentDetail } from "#lib/http/views/experiment-view.ts";

export const GET = route(endpoints.getExperiment, ({ db, params }) =>
  experimentDetail(db, params.experimentId),
);
