import { z } from "zod";
import { deliveryStatus } from "#lib/webhooks/deliveries.ts";
import { webhookEvent } from "#lib/webhooks/webhooks.ts";
import { instant, pageOf } from "./common.ts";

/** An address that is told of events, without its secret. */
export const webhookShape = z
  .object({
    id: z.uuid(),
    url: z.string(),
    events: z.array(webhookEvent),
    enabled: z.boolean(),
    description: z.string(),
    previousSecretUntil: instant.nullable().meta({
      description: "Until then the secret before the last rotation signs too.",
    }),
    createdBy: z.string(),
    createdAt: instant,
    deletedAt: instant.nullable(),
  })
  .meta({ id: "Webhook" });
export const webhookPage = pageOf(webhookShape);

export const webhookSecretAnswer = z.object({
  webhook: webhookShape,
  secret: z.string().nullable().meta({
    description: "`whsec_…`, told once; null when a request is repeated by its key.",
  }),
});

export const deliveryShape = z
  .object({
    id: z.uuid(),
    webhookId: z.uuid(),
    eventId: z.string().meta({ description: "The webhook-id header of every attempt." }),
    event: z.string(),
    status: deliveryStatus,
    attempts: z.int(),
    lastAttemptAt: instant.nullable(),
    nextAttemptAt: instant.nullable(),
    responseStatus: z.int().nullable(),
    responseExcerpt: z.string().nullable(),
    durationMs: z.int().nullable(),
    error: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: "WebhookDelivery" });
export const deliveryPage = pageOf(deliveryShape);
