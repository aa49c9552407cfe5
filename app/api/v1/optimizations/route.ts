import { route } from "#app/services.ts";
import { listOptimizations } from "#lib/db/optimizations.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationSummaries } from "#lib/http/views/optimization-view.ts";
import { startOptimization } from "#lib/optimizations/start-optimization.ts";

export const GET = route(endpoints.listOptimizations, async ({ db, query }) => {
  const { agentType, cursor, limit } = query;
  const page = await listOptimizations(db, {
    limit,
    ...(agentType === undefined ? {} : { agentType }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return {
    items: await optimizationSummaries(db, page.items, new Date()),
    nextCursor: page.nextCursor,
  };
});

/** Queues a run; the optimizer picks it up. */
export const POST = route(endpoints.startOptimization, async ({ db, body, actor }) => {
  const started = await startOptimization(db, { ...body, createdBy: actor });
  const [summary] = await optimizationSummaries(db, [started], new Date());
  return summary;
});
