import { commandList, route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/benchmarks.ts";
import { importSuite } from "#lib/suites/import-suite.ts";

export const POST = route(
  endpoints.importBenchmarks,
  async ({ db, params, query, body, actor }) => {
    const text =
      body.jsonl ?? (body.benchmarks ?? []).map((line) => JSON.stringify(line)).join("\n");
    const { check = "false" } = query;
    const commands = await commandList();
    const request = { ...params, text, actor, commands, check: check === "true" };
    const { skipped: _, ...imported } = await importSuite(db, request);
    return imported;
  },
);
