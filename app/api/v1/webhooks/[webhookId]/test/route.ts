import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { sendTest } from "#lib/webhooks/deliveries.ts";

export const POST = route(endpoints.testWebhook, ({ db, params, actor }) =>
  sendTest(db, params.webhookId, { actor }),
);
