import { route } from "#app/services.ts";
import { listSuites } from "#lib/db/benchmarks.ts";
import * as endpoints from "#lib/http/endpoints/benchmarks.ts";

export const GET = route(endpoints.listSuites, ({ db }) => listSuites(db));
