import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationSummaries } from "#lib/http/views/optimization-view.ts";
import { resumeOptimization } from "#lib/optimizations/resume-optimization.ts";

export const POST = route(endpoints.resumeOptimization, async ({ db, params, actor }) => {
  const run = await resumeOptimization(db, params.optimizationId, { actor });
  const [summary] = await optimizationSummaries(db, [run], new Date());
  return summary;
});
