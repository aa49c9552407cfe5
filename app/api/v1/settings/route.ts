import { route } from "#app/services.ts";
import { getSettings, settingsPatch, updateSettings } from "#lib/settings/settings.ts";

export const GET = route({ access: { role: "viewer" } }, ({ db }) => getSettings(db));

/** Changes what is named and leaves the rest. */
export const PUT = route(
  { access: { role: "admin" }, body: settingsPatch },
  ({ db, body, actor }) => updateSettings(db, body, actor),
);
