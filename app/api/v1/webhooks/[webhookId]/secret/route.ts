import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { rotateSecret } from "#lib/webhooks/webhooks.ts";

export const POST = route(endpoints.rotateWebhookSecret, ({ db, params, actor }) =>
  rotateSecret(db, params.webhookId, { actor }),
);
