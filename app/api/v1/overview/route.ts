import { route } from "#app/services.ts";
import type { Overview } from "#lib/http/shapes/overview.ts";
import { overview } from "#lib/http/views/overview-view.ts";

export const GET = route(
  { access: { role: "viewer" } },
  ({ db }): Promise<Overview> => overview(db, new Date()),
);
