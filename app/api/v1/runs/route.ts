import { route } from "#app/services.ts";
import { runBatchBody, runListQuery } from "#lib/http/requests.ts";
import { recordRuns } from "#lib/journal/record-runs.ts";
import { listRuns } from "#lib/journal/runs.ts";

export const GET = route(
  { access: { role: "viewer", scope: "runs:read" }, query: runListQuery },
  ({ db, query }) => listRuns(db, query),
);

/** Batched, and idempotent by the caller's run ids. */
export const POST = route(
  {
    access: { role: "engineer", scope: "runs:write" },
    body: runBatchBody,
    agentTypes: ({ runs }) => runs.map(({ agentType }) => agentType),
  },
  ({ db, body }) => recordRuns(db, body.runs, "api"),
);
