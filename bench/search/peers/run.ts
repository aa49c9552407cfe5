/**
 * Searches of other libraries in label worlds, all simulated:
 * tsx bench/search/peers/run.ts --peer gepa --python venv/bin/python --worlds 1..40 --budget 400 [--settings chosen|all|"name; name"] [--keep runs.jsonl]
 *   [--out results.json]
 * The virtual environment holds the package that peers.ts names. Each search is a line of the file; one that stands there is not run again.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { linesOf } from "../agent/kept-runs.ts";
import { summarizeWorlds } from "../label-world/summarize-worlds.ts";
import { keepWorldRun } from "../label-world/world-runs.ts";
import { Driver } from "./driver.ts";
import { type PeerRun, peerRun, searchInWorld } from "./peer-runs.ts";
import { peerNamed, settingsOf } from "./peers.ts";
import { WorldServer } from "./world-server.ts";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    python: { type: "string" },
    worlds: { type: "string", default: "1..40" },
    budget: { type: "string", default: "400" },
    settings: { type: "string", default: "chosen" },
    keep: { type: "string", default: ".genepool-bench/peers.jsonl" },
    out: { type: "string" },
  },
});
const options = z
  .object({
    peer: z.string(),
    python: z.string(),
    worlds: z
      .string()
      .regex(/^\d+\.\.\d+$/)
      .transform((text) => text.split("..").map(Number)),
    budget: z.coerce.number().int().min(50).max(10_000),
    settings: z.string(),
    keep: z.string(),
    out: z.string().optional(),
  })
  .parse(values);

const { budget } = options;
const peer = peerNamed(options.peer);
const names =
  options.settings === "chosen"
    ? [...new Set([peer.chosen.success, peer.chosen.hypervolume])]
    : options.settings === "all"
      ? Object.keys(peer.settings)
      : options.settings.split("; ");
const [first = 1, last = 0] = options.worlds;
const worlds = Array.from({ length: last - first + 1 }, (_, k) => first + k);
const file = path.resolve(options.keep);
const kept = (await linesOf(file)).map((line) => peerRun.parse(JSON.parse(line)));
const runs: PeerRun[] = [];

const server = await WorldServer.start();
const driver = new Driver(options.python, peer.script);
try {
  for (const name of names) await searchAll(name);
} finally {
  driver.stop();
  await server.stop();
}

async function searchAll(name: string): Promise<void> {
  const method = `${peer.name}: ${name}`;
  for (const seed of worlds) {
    const known = kept.find(
      (run) => run.method === method && run.world === seed && run.budget === budget,
    );
    const search = { method, seed, budget, settings: settingsOf(peer, name) };
    const run = known ?? (await searchInWorld({ server, driver }, search));
    if (known === undefined) await keepWorldRun(file, run);
    runs.push(run);
  }
  print(method);
}

const summary = summarizeWorlds(runs, "");
if (options.out !== undefined) {
  const report = {
    simulated: true,
    package: peer.package,
    worlds: values.worlds,
    methods: summary,
  };
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
}

function print(method: string): void {
  const [own] = summarizeWorlds(
    runs.filter((run) => run.method === method),
    "",
  );
  if (own === undefined) return;
  const { success, hypervolume, ordered, orderedMax, costRatio, prompts } = own;
  const spread = (figure: { mean: number; sd: number }) =>
    `${figure.mean.toFixed(4)} (SD ${figure.sd.toFixed(4)})`;
  console.log(
    `${method} | ${budget} calls | ${own.worlds} worlds | success ${spread(success)} | hypervolume ${spread(hypervolume)} | ordered ${ordered.toFixed(0)}, at most ${orderedMax} | cost x${costRatio.toFixed(2)} | prompts ${prompts.toFixed(1)}`,
  );
}
