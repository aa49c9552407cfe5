import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationSummaries } from "#lib/http/views/optimization-view.ts";
import { stopOptimization } from "#lib/optimizations/stop-optimization.ts";

export const POST = route(endpoints.stopOptimization, async ({ db, params, actor }) => {
  const run = await stopOptimization(db, params.optimizationId, actor);
  const [summary] = await optimizationSummaries(db, [run], new Date());
  return summary;
});
