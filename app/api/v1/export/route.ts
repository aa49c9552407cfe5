import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/transfer.ts";
import { exportStream } from "#lib/http/export-stream.ts";

export const GET = route(endpoints.exportKnowledge, ({ db, log, query, request }) =>
  exportStream({
    db,
    log,
    since: query.since === undefined ? null : new Date(query.since),
    signal: request.signal,
  }),
);
