import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/experiments.ts";
import { trialDetail } from "#lib/http/views/trial-view.ts";

export const GET = route(endpoints.getTrial, ({ db, params }) =>
  trialDetail(db, params.evaluationKey),
);
