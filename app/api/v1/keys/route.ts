import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/keys.ts";
import { createApiKey, listApiKeys } from "#lib/keys/api-keys.ts";

export const GET = route(endpoints.listKeys, async ({ db, query }) => listApiKeys(db, query));

export const POST = route(endpoints.createKey, async ({ db, body, actor }) =>
  createApiKey(db, body, actor),
);
