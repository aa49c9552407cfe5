import { route } from "#app/services.ts";
import { listAudit } from "#lib/audit/list-audit.ts";
import * as endpoints from "#lib/http/endpoints/audit.ts";

export const GET = route(endpoints.listAudit, async ({ db, query }) => listAudit(db, query));
