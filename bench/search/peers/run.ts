/**
 * Searches of other libraries in label worlds, all simulated:
 * tsx bench/search/peers/run.ts --peer gepa --python venv/bin/python --worlds 1-40 --budget 400 --keep results.jsonl [--settings name]
 * Each search is a line of the file; one that stands there is not run again. docs/search-bench.md says what the figures mean.
 */
import { appendFile, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { mean } from "../figures.ts";
import { makeLabelWorld } from "../label-world/make-label-world.ts";
import { Driver } from "./driver.ts";
import { figuresOf } from "./peer-result.ts";
import { PeerSession } from "./peer-session.ts";
import { peerNamed, settingsOf } from "./peers.ts";
import { WorldServer } from "./world-server.ts";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    python: { type: "string" },
    worlds: { type: "string" },
    budget: { type: "string" },
    keep: { type: "string" },
    settings: { type: "string", default: "" },
  },
});
const range = z
  .string()
  .regex(/^\d+-\d+$/)
  .transform((text) => text.split("-").map(Number));
const options = z
  .object({
    peer: z.string(),
    python: z.string(),
    worlds: range,
    budget: z.coerce.number().int().min(50).max(10_000),
    keep: z.string(),
    settings: z.string(),
  })
  .parse(values);

const keptLine = z.object({
  peer: z.string(),
  settings: z.string(),
  world: z.number(),
  budget: z.number(),
  ordered: z.number(),
  asked: z.number(),
  success: z.number(),
  hypervolume: z.number(),
});
type KeptLine = z.infer<typeof keptLine>;

const peer = peerNamed(options.peer);
const settingsName = options.settings === "" ? peer.chosen(options.budget) : options.settings;
const settings = settingsOf(peer, settingsName, options.budget);
const [first = 1, last = 0] = options.worlds;
const kept = (await keptLines(options.keep)).filter(isThis);
const known = new Set(kept.map(({ world }) => world));
const server = await WorldServer.start();
const driver = new Driver(options.python, peer.script);
try {
  for (let seed = first; seed <= last; seed++) if (!known.has(seed)) await searchIn(seed);
} finally {
  driver.stop();
  await server.stop();
}
report();

async function searchIn(seed: number): Promise<void> {
  const session = new PeerSession(makeLabelWorld({ seed }), seed);
  const url = server.open(`world-${seed}`, session);
  const answer = await driver.search({ url, seed, budget: options.budget, settings });
  server.close(`world-${seed}`);
  if ("error" in answer) throw new Error(`world ${seed}: ${answer.error}`);
  const line = {
    peer: peer.name,
    settings: settingsName,
    world: seed,
    budget: options.budget,
    ...figuresOf(session, answer.best),
    note: answer.note,
  };
  kept.push(line);
  await appendFile(options.keep, `${JSON.stringify(line)}\n`);
}

function report(): void {
  const own = kept.filter(({ world }) => world >= first && world <= last);
  const of = (name: "success" | "hypervolume" | "ordered" | "asked") =>
    own.map((line) => line[name]);
  const deviation = (list: readonly number[]) =>
    Math.sqrt(mean(list.map((value) => (value - mean(list)) ** 2)));
  console.log(
    JSON.stringify({
      peer: peer.name,
      settings: settingsName,
      budget: options.budget,
      worlds: own.length,
      success: mean(of("success")),
      successSd: deviation(of("success")),
      hypervolume: mean(of("hypervolume")),
      hypervolumeSd: deviation(of("hypervolume")),
      ordered: mean(of("ordered")),
      orderedMost: Math.max(...of("ordered")),
      asked: mean(of("asked")),
    }),
  );
}

function isThis(line: KeptLine): boolean {
  return (
    line.peer === peer.name && line.settings === settingsName && line.budget === options.budget
  );
}

async function keptLines(file: string): Promise<KeptLine[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    // A first run has no file yet.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => keptLine.parse(JSON.parse(line)));
}
