import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/users.ts";
import { endSessions } from "#lib/users/change-user.ts";

export const POST = route(endpoints.endUserSessions, async ({ db, params, actor }) =>
  endSessions(db, params.name, actor),
);
