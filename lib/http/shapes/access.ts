import { z } from "zod";
import { apiScope } from "#lib/keys/api-keys.ts";
import { userRole, userSources } from "#lib/users/users.ts";
import { instant, pageOf } from "./common.ts";

/** A person who may sign in, without secrets. */
export const userShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    displayName: z.string(),
    role: userRole,
    source: z.enum(userSources),
    sessionVersion: z.int(),
    disabledAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: "User" });
export const userPage = pageOf(userShape);

const shownOnce = z.string().nullable().meta({
  description: "Told once and kept only as a hash; null when a request is repeated by its key.",
});
export const newUserAnswer = z.object({ user: userShape, password: shownOnce });
export const newPasswordAnswer = z.object({ user: userShape, password: z.string() });

/** An API key without its secret. */
export const apiKeyShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(apiScope),
    agentTypes: z.array(z.string()),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: "ApiKey" });
export const apiKeyPage = pageOf(apiKeyShape);
export const newKeyAnswer = z.object({ apiKey: apiKeyShape, key: shownOnce });

export const auditEvent = z
  .object({
    id: z.string(),
    at: instant,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: "AuditEvent" });
export const auditPage = pageOf(auditEvent);
