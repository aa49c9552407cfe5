import { route } from "#app/services.ts";
import { env } from "#lib/env.ts";
import { listExecutors } from "#lib/executors/list-executors.ts";
import { readExecutors } from "#lib/executors/settings.ts";
import * as endpoints from "#lib/http/endpoints/executors.ts";

export const GET = route(endpoints.listExecutors, async () => ({
  items: listExecutors(await readExecutors(env().GENEPOOL_EXECUTORS_FILE)),
}));
