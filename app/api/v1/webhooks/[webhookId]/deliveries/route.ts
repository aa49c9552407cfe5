import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { listDeliveries } from "#lib/webhooks/deliveries.ts";

export const GET = route(endpoints.listDeliveries, ({ db, params, query }) =>
  listDeliveries(db, { ...query, ...params }),
);
