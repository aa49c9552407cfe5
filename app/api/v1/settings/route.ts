import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/settings.ts";
import { getSettings, updateSettings } from "#lib/settings/settings.ts";

export const GET = route(endpoints.getSettings, ({ db }) => getSettings(db));

/** Changes what is named and leaves the rest. */
export const PUT = route(endpoints.updateSettings, ({ db, body, actor }) =>
  updateSettings(db, body, actor),
);
