import { route } from "#app/services.ts";
import { optimizationParams } from "#lib/http/requests.ts";
import type { OptimizationDetail } from "#lib/http/shapes/optimization.ts";
import { optimizationDetail } from "#lib/http/views/optimization-view.ts";

export const GET = route(
  { access: { role: "viewer", scope: "optimizations:read" }, params: optimizationParams },
  ({ db, params }): Promise<OptimizationDetail> =>
    optimizationDetail(db, params.optimizationId, new Date()),
);
