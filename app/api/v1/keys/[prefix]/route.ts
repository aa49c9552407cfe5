import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/keys.ts";
import { revokeApiKey } from "#lib/keys/api-keys.ts";

export const DELETE = route(endpoints.revokeKey, async ({ db, params, actor }) =>
  revokeApiKey(db, params.prefix, actor),
);
