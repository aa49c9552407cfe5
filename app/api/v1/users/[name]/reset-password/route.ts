import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/users.ts";
import { resetPassword } from "#lib/users/users.ts";

export const POST = route(endpoints.resetUserPassword, async ({ db, params, actor }) =>
  resetPassword(db, params.name, actor),
);
