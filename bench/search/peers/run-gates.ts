/**
 * What other libraries' gates accept, all simulated: where every prompt is equally good, and where one edit helps.
 * tsx bench/search/peers/run-gates.ts --gate "promptline-opt" --python venv/bin/python --budget 400 --seeds 1..40 [--cells null|power|all]
 *   [--keep gates.jsonl]
 * Each run is a line of the file; one that stands there is not run again.
 */
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { linesOf } from "../agent/kept-runs.ts";
import { mean, rateOf } from "../figures.ts";
import { Driver } from "./driver.ts";
import { type GateCell, gateCells } from "./gate-cells.ts";
import { gateNamed } from "./gates.ts";
import { PeerSession } from "./peer-session.ts";
import { WorldServer } from "./world-server.ts";

const { values } = parseArgs({
  options: {
    gate: { type: "string" },
    python: { type: "string" },
    budget: { type: "string", default: "400" },
    seeds: { type: "string", default: "1..40" },
    cells: { type: "string", default: "all" },
    keep: { type: "string", default: ".genepool-bench/gates.jsonl" },
  },
});
const asked = z
  .object({
    gate: z.string(),
    python: z.string(),
    budget: z.coerce.number().int(),
    seeds: z
      .string()
      .regex(/^\d+\.\.\d+$/)
      .transform((text) => text.split("..").map(Number)),
    cells: z.enum(["null", "power", "all"]),
    keep: z.string(),
  })
  .parse(values);

const gateRun = z.object({
  gate: z.string(),
  budget: z.int(),
  cell: z.string(),
  seed: z.int(),
  /** Edits that it accepted, and those of them that it called a gain in success rather than a saving. */
  accepted: z.int(),
  gains: z.int(),
  /** True rates of the start and of what it ended with, and the cost of that over the start's. */
  start: z.number(),
  success: z.number(),
  costRatio: z.number(),
  asked: z.int(),
  ordered: z.int(),
  simulated: z.literal(true),
});
type GateRun = z.infer<typeof gateRun>;
const noteLine = z.object({ accepted: z.int(), clearGains: z.int().optional() });

const gate = gateNamed(asked.gate);
const settings = gate.settings[asked.budget];
if (settings === undefined) throw new RangeError(`${gate.name} has no settings for this budget`);
const [first = 1, last = 0] = asked.seeds;
const file = path.resolve(asked.keep);
const kept = (await linesOf(file)).map((line) => gateRun.parse(JSON.parse(line)));
const server = await WorldServer.start();
const driver = new Driver(asked.python, gate.script);
try {
  for (const cell of gateCells)
    if (asked.cells === "all" || asked.cells === cell.kind) await runCell(cell);
} finally {
  driver.stop();
  await server.stop();
}

async function runCell(cell: GateCell): Promise<void> {
  const runs: GateRun[] = [];
  for (let seed = first; seed <= last; seed++) {
    const known = kept.find(
      (run) =>
        run.gate === gate.name &&
        run.budget === asked.budget &&
        run.cell === cell.name &&
        run.seed === seed,
    );
    const run = known ?? (await runOne(cell, seed));
    if (known === undefined) await appendFile(file, `${JSON.stringify(run)}\n`);
    runs.push(run);
  }
  print(cell, runs);
}

async function runOne(cell: GateCell, seed: number): Promise<GateRun> {
  const { world, ...options } = cell.world(seed);
  const session = new PeerSession(world, seed, options);
  const url = server.open("gate", session);
  const answer = await driver.search({
    url,
    seed,
    budget: asked.budget,
    settings: settings ?? {},
  });
  server.close("gate");
  if ("error" in answer) throw new Error(`${gate.name}, ${cell.name}, ${seed}: ${answer.error}`);
  const { accepted, clearGains } = noteLine.parse(JSON.parse(answer.note));
  const [start, end] = [world.truth(world.start), world.truth(session.genomeOf(answer.best))];
  return {
    gate: gate.name,
    budget: asked.budget,
    cell: cell.name,
    seed,
    accepted,
    gains: clearGains ?? accepted,
    start: start.successRate,
    success: end.successRate,
    costRatio: end.costUsd / start.costUsd,
    asked: session.counts.asked,
    ordered: session.counts.ordered,
    simulated: true,
  };
}

/** A power cell counts runs that end with half of the gain or more. */
function print(cell: GateCell, runs: readonly GateRun[]): void {
  const shares = {
    accepted: rateOf(runs.map(({ accepted }) => accepted > 0)),
    gains: rateOf(runs.map(({ gains }) => gains > 0)),
    better: rateOf(runs.map(({ start, success }) => success - start >= (0.6 - start) / 2)),
  };
  const text = Object.entries(shares)
    .filter(([name]) => cell.kind === "power" || name !== "better")
    .map(
      ([name, { count, n, low, high }]) =>
        `${name} ${count}/${n} (${low.toFixed(3)}..${high.toFixed(3)})`,
    );
  const calls = `asked ${mean(runs.map(({ asked }) => asked)).toFixed(0)}, ordered ${mean(runs.map(({ ordered }) => ordered)).toFixed(0)}`;
  console.log([gate.name, asked.budget, cell.name, ...text, calls].join(" | "));
}
