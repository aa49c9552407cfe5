import { z } from "zod";
import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/optimizations.ts";
import { optimizationEvents } from "#lib/http/optimization-events.ts";

/** What a client sends that connects again; anything else is no line of a log. */
const lastEventId = z.coerce.number().int().min(0).catch(-1);

export const GET = route(endpoints.watchOptimization, ({ db, params, request }) =>
  optimizationEvents({
    db,
    ...params,
    lastLine: lastEventId.parse(request.headers.get("last-event-id") ?? -1),
    signal: request.signal,
  }),
);
