import { route } from "#app/services.ts";
import { runParams } from "#lib/http/requests.ts";
import { requireRun } from "#lib/journal/runs.ts";

export const GET = route(
  { access: { role: "viewer", scope: "runs:read" }, params: runParams },
  ({ db, params }) => requireRun(db, params.runId),
);
