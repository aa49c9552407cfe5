import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { retryDelivery } from "#lib/webhooks/deliveries.ts";

export const POST = route(endpoints.retryDelivery, ({ db, params, actor }) =>
  retryDelivery(db, params, { actor }),
);
