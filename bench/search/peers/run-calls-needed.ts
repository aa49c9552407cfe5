/**
 * Calls that a library needs for what another method reaches, with intervals, for success and for hypervolume:
 * tsx bench/search/peers/run-calls-needed.ts --runs peers.jsonl --method "gepa: val 24" --mark label-world.jsonl --of genepool --at 400
 * Both files hold runs of the same worlds: run.ts writes the first, label-world/run.ts the second. All of it is simulated.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { keptWorldRuns } from "../label-world/world-runs.ts";
import { callsNeeded } from "./calls-needed.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    method: { type: "string" },
    mark: { type: "string" },
    of: { type: "string" },
    at: { type: "string", default: "400" },
  },
});
const options = z
  .object({
    runs: z.string(),
    method: z.string(),
    mark: z.string(),
    of: z.string(),
    at: z.coerce.number().int(),
  })
  .parse(values);

const marks = (await keptWorldRuns(options.mark)).filter(
  ({ method, budget }) => method === options.of && budget === options.at,
);
const runs = (await keptWorldRuns(options.runs)).filter(({ method }) => method === options.method);
for (const figure of ["success", "hypervolume"] as const) {
  const found = callsNeeded(
    new Map(marks.map((run) => [run.world, run[figure]])),
    runs.map((run) => ({ ...run, value: run[figure] })),
  );
  console.log(
    JSON.stringify({ figure, method: options.method, for: options.of, at: options.at, ...found }),
  );
}
