import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/runs.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { listRuns } from "#lib/journal/runs.ts";

export const GET = route(endpoints.listRuns, ({ db, query }) => listRuns(db, query));

/** Batched, and idempotent by the caller's run ids. */
export const POST = route(endpoints.recordRuns, ({ db, body, actor }) =>
  recordRuns(db, body.runs, { source: "api", actor }),
);
