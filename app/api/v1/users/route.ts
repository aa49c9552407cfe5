import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/users.ts";
import { createUser, listUsers } from "#lib/users/users.ts";

export const GET = route(endpoints.listUsers, async ({ db, query }) => listUsers(db, query));

export const POST = route(endpoints.createUser, async ({ db, body, actor }) =>
  createUser(db, body, actor),
);
