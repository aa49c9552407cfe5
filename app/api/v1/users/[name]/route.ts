import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/users.ts";
import { changeUser } from "#lib/users/change-user.ts";

export const PATCH = route(endpoints.updateUser, async ({ db, params, body, actor }) =>
  changeUser(db, params.name, body, { actor }),
);
