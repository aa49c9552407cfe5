import { route } from "#app/services.ts";
import { env } from "#lib/env.ts";
import * as endpoints from "#lib/http/endpoints/system.ts";
import { overview } from "#lib/http/views/overview-view.ts";

export const GET = route(endpoints.getOverview, ({ db }) => {
  const { GENEPOOL_MODEL: model = null, GENEPOOL_AUTOMATION: automation = null } = env();
  return overview(db, new Date(), { model, automation });
});
