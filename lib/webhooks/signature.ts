import { Webhook } from "standardwebhooks";

/** An event's id as receivers see it. */
export function webhookIdOf(eventId: string): string {
  return `evt_${eventId}`;
}

/**
 * The three headers of Standard Webhooks. The id is the event's: the same in every attempt. Each secret signs: while one
 * is being changed, receivers hold the former or the new one.
 */
export function signatureHeaders(event: {
  eventId: string;
  body: string;
  secrets: readonly string[];
  now: Date;
}): Record<string, string> {
  const { eventId, ...rest } = event;
  return signedHeaders({ id: webhookIdOf(eventId), ...rest });
}

/** The same headers for whatever else is sent under an id. */
export function signedHeaders(message: {
  id: string;
  body: string;
  secrets: readonly string[];
  now: Date;
}): Record<string, string> {
  const { id, body, secrets, now } = message;
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": secrets.map((one) => new Webhook(one).sign(id, now, body)).join(" "),
  };
}
