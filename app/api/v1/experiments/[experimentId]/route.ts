import { route } from "#app/services.ts";
import { experimentParams } from "#lib/http/requests.ts";
import type { ExperimentDetail } from "#lib/http/shapes/experiment.ts";
import { experimentDetail } from "#lib/http/views/experiment-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "experiments:read" }, params: experimentParams },
  ({ db, params }): Promise<ExperimentDetail> => experimentDetail(db, params.experimentId),
);
