import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/benchmarks.ts";
import { importSuite } from "#lib/suites/import-suite.ts";

export const POST = route(endpoints.importBenchmarks, async ({ db, params, body, actor }) => {
  const text = body.benchmarks.map((line) => JSON.stringify(line)).join("\n");
  const { skipped: _, ...imported } = await importSuite(db, { ...params, text, actor });
  return imported;
});
