import { route } from "#app/services.ts";
import { listBenchmarks } from "#lib/db/benchmarks.ts";
import * as endpoints from "#lib/http/endpoints/benchmarks.ts";

export const GET = route(endpoints.listBenchmarks, ({ db, query }) => listBenchmarks(db, query));
