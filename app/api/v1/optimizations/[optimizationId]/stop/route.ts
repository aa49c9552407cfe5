import { route } from "#app/services.ts";
import { appendAudit } from "#lib/audit/append-audit.ts";
import { requestStop, requireOptimization } from "#lib/db/optimizations.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationSummaries } from "#lib/http/views/optimization-view.ts";

/** Asks a run to end with what it has; asking again, or after its end, changes nothing. */
export const POST = route(endpoints.stopOptimization, async ({ db, params, actor }) => {
  const { id } = await requireOptimization(db, params.optimizationId);
  await appendAudit(db, { actor, action: "optimization.stop", subject: `optimization:${id}` });
  const [summary] = await optimizationSummaries(db, [await requestStop(db, id)], new Date());
  return summary;
});
