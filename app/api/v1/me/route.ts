import { route } from "#app/services.ts";
import { AppError } from "#lib/errors.ts";
import type { Me } from "#lib/http/shapes/common.ts";

export const GET = route({ access: { role: "viewer" } }, async ({ principal }): Promise<Me> => {
  if (principal.kind === "key") throw new AppError("forbidden", "A key is nobody in person.");
  const { name, displayName, role } = principal.user;
  return { name, displayName, role };
});
