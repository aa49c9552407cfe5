import { route, webhookContext } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { changeWebhook, removeWebhook, requireWebhook } from "#lib/webhooks/webhooks.ts";

export const GET = route(endpoints.getWebhook, ({ db, params }) =>
  requireWebhook(db, params.webhookId),
);

export const PATCH = route(endpoints.changeWebhook, ({ db, params, body, actor }) =>
  changeWebhook(db, params.webhookId, body, webhookContext(actor)),
);

export const DELETE = route(endpoints.removeWebhook, ({ db, params, actor }) =>
  removeWebhook(db, params.webhookId, { actor }),
);
