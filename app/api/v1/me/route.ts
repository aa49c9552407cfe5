import { route } from "#app/services.ts";
import { AppError } from "#lib/errors.ts";
import * as endpoints from "#lib/http/endpoints/system.ts";

export const GET = route(endpoints.getMe, async ({ principal }) => {
  if (principal.kind === "key") throw new AppError("forbidden", "A key is nobody in person.");
  const { name, displayName, role } = principal.user;
  return { name, displayName, role };
});
