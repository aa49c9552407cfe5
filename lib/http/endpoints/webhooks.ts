import { newWebhook, webhookPatch } from "#lib/webhooks/webhooks.ts";
import { endpoint } from "../endpoint.ts";
import { deliveryListQuery, deliveryParams, pageQuery, webhookParams } from "../requests.ts";
import {
  deliveryPage,
  deliveryShape,
  webhookPage,
  webhookSecretAnswer,
  webhookShape,
} from "../shapes/webhook.ts";

const group = "Webhooks";
const access = { role: "admin", scope: "admin" } as const;

export const listWebhooks = endpoint({
  id: "listWebhooks",
  method: "GET",
  path: "/webhooks",
  group,
  summary: "Webhooks without their secrets, newest first",
  access,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: webhookPage } },
  refusals: ["not-found"],
});

export const createWebhook = endpoint({
  id: "createWebhook",
  method: "POST",
  path: "/webhooks",
  group,
  summary: "Tell an address of events from now on; its secret is answered once",
  description:
    "The address must be https, or http where private addresses are allowed (GENEPOOL_WEBHOOKS_ALLOW_PRIVATE).",
  access,
  body: newWebhook,
  idempotent: true,
  tellsOnce: ["secret"],
  answers: { 201: { description: "The webhook and its secret.", schema: webhookSecretAnswer } },
});

export const getWebhook = endpoint({
  id: "getWebhook",
  method: "GET",
  path: "/webhooks/{webhookId}",
  group,
  summary: "One webhook",
  access,
  params: webhookParams,
  answers: { 200: { description: "The webhook.", schema: webhookShape } },
  refusals: ["not-found"],
});

export const changeWebhook = endpoint({
  id: "changeWebhook",
  method: "PATCH",
  path: "/webhooks/{webhookId}",
  group,
  summary: "Change a webhook; switching it off ends what it waited for",
  access,
  params: webhookParams,
  body: webhookPatch,
  answers: { 200: { description: "The webhook, changed.", schema: webhookShape } },
  refusals: ["not-found"],
});

export const removeWebhook = endpoint({
  id: "removeWebhook",
  method: "DELETE",
  path: "/webhooks/{webhookId}",
  group,
  summary: "Remove a webhook: nothing is sent to it any more",
  description: 'To keep its log readable switch it off instead: `{"enabled": false}`.',
  access,
  params: webhookParams,
  answers: { 200: { description: "The webhook, removed.", schema: webhookShape } },
  refusals: ["not-found"],
});

export const rotateWebhookSecret = endpoint({
  id: "rotateWebhookSecret",
  method: "POST",
  path: "/webhooks/{webhookId}/secret",
  group,
  summary: "Give a webhook another secret, answered once",
  description: "The former secret signs too for 24 hours, so that the receiver can change it.",
  access,
  params: webhookParams,
  idempotent: true,
  tellsOnce: ["secret"],
  answers: { 201: { description: "The webhook and its secret.", schema: webhookSecretAnswer } },
  refusals: ["not-found"],
});

export const testWebhook = endpoint({
  id: "testWebhook",
  method: "POST",
  path: "/webhooks/{webhookId}/test",
  group,
  summary: "Send an event webhook.test to one webhook",
  description: "The optimizer process sends it within seconds; the delivery log shows the answer.",
  access,
  params: webhookParams,
  idempotent: true,
  answers: { 202: { description: "The delivery, waiting.", schema: deliveryShape } },
  refusals: ["not-found", "conflict"],
});

export const listDeliveries = endpoint({
  id: "listDeliveries",
  method: "GET",
  path: "/webhooks/{webhookId}/deliveries",
  group,
  summary: "The delivery log of a webhook, newest first",
  access,
  params: webhookParams,
  query: deliveryListQuery,
  answers: { 200: { description: "One page.", schema: deliveryPage } },
  refusals: ["not-found"],
});

export const retryDelivery = endpoint({
  id: "retryDelivery",
  method: "POST",
  path: "/webhooks/{webhookId}/deliveries/{deliveryId}/retry",
  group,
  summary: "Send a delivery again, with all its attempts before it",
  access,
  params: deliveryParams,
  answers: { 202: { description: "The delivery, waiting.", schema: deliveryShape } },
  refusals: ["not-found", "conflict"],
});
