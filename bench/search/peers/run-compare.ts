/**
 * Methods and libraries on the same worlds, paired world by world, all simulated:
 * tsx bench/search/peers/run-compare.ts --runs label-world.jsonl,peers.jsonl --against genepool --budget 400 --worlds 1001..1200
 * Both files hold runs of the form of label-world/run.ts. Whoever made more than 5 % more calls than the budget is listed and not compared.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Difference, summarizeWorlds } from "../label-world/summarize-worlds.ts";
import { keptWorldRuns } from "../label-world/world-runs.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    against: { type: "string" },
    budget: { type: "string", default: "400" },
    worlds: { type: "string", default: "1..200" },
  },
});
const options = z
  .object({
    runs: z.string(),
    against: z.string(),
    budget: z.coerce.number().int(),
    worlds: z
      .string()
      .regex(/^\d+\.\.\d+$/)
      .transform((text) => text.split("..").map(Number)),
  })
  .parse(values);

/** Calls over the budget that still count as the same budget. */
const overMax = 1.05;
const [first = 1, last = 0] = options.worlds;
const files = await Promise.all(options.runs.split(",").map(keptWorldRuns));
const runs = files
  .flat()
  .filter(({ budget, world }) => budget === options.budget && world >= first && world <= last);
for (const own of summarizeWorlds(runs, options.against)) {
  const isOver = own.ordered > overMax * options.budget;
  console.log(
    JSON.stringify({
      method: own.method,
      worlds: own.worlds,
      ordered: own.ordered,
      orderedMax: own.orderedMax,
      success: own.success,
      hypervolume: own.hypervolume,
      ...(isOver ? { notCompared: "more than 5 % over the budget" } : compared(own.ahead)),
    }),
  );
}

function compared(ahead: { success: Difference; hypervolume: Difference } | null) {
  return ahead === null ? {} : { ahead };
}
