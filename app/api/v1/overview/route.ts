import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/system.ts";
import { overview } from "#lib/http/views/overview-view.ts";

export const GET = route(endpoints.getOverview, ({ db }) => overview(db, new Date()));
