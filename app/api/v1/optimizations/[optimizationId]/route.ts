import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationDetail } from "#lib/http/views/optimization-view.ts";

export const GET = route(endpoints.getOptimization, ({ db, params }) =>
  optimizationDetail(db, params.optimizationId, new Date()),
);
