import { newApiKey } from "#lib/keys/api-keys.ts";
import { endpoint } from "../endpoint.ts";
import { keyListQuery, keyParams } from "../requests.ts";
import { apiKeyPage, apiKeyShape, newKeyAnswer } from "../shapes/access.ts";

const group = "Keys";
const access = { role: "admin", scope: "admin" } as const;

export const listKeys = endpoint({
  id: "listKeys",
  method: "GET",
  path: "/keys",
  group,
  summary: "API keys without their secrets, newest first",
  access,
  query: keyListQuery,
  answers: { 200: { description: "One page.", schema: apiKeyPage } },
  refusals: ["not-found"],
});

export const createKey = endpoint({
  id: "createKey",
  method: "POST",
  path: "/keys",
  group,
  summary: "Make a key for a program; its text is answered once",
  access,
  body: newApiKey,
  idempotent: true,
  tellsOnce: ["key"],
  // A key for some agent types is made by who may do everything: not by a key that is bound itself.
  agentTypes: () => [],
  answers: { 201: { description: "The key and its text.", schema: newKeyAnswer } },
});

export const revokeKey = endpoint({
  id: "revokeKey",
  method: "DELETE",
  path: "/keys/{prefix}",
  group,
  summary: "Revoke a key for good; doing it again changes nothing",
  access,
  params: keyParams,
  answers: { 200: { description: "The key, revoked.", schema: apiKeyShape } },
  refusals: ["not-found"],
});
