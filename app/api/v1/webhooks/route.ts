import { route, webhookContext } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/webhooks.ts";
import { createWebhook, listWebhooks } from "#lib/webhooks/webhooks.ts";

export const GET = route(endpoints.listWebhooks, ({ db, query }) => listWebhooks(db, query));

export const POST = route(endpoints.createWebhook, ({ db, body, actor }) =>
  createWebhook(db, body, webhookContext(actor)),
);
