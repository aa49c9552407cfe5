import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/runs.ts";
import { requireRun } from "#lib/journal/runs.ts";

export const GET = route(endpoints.getRun, ({ db, params }) => requireRun(db, params.runId));
