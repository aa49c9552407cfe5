import { route } from "#app/services.ts";
import { listBenchmarks } from "#lib/db/benchmarks.ts";
import { benchmarkListQuery } from "#lib/http/requests.ts";

export const GET = route(
  { access: { role: "viewer", scope: "benchmarks:read" }, query: benchmarkListQuery },
  ({ db, query }) => listBenchmarks(db, query),
);
