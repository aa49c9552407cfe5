/**
 * What the engines cost beside the trials themselves: the same stub on an ideal loop, on this process and on Temporal, one
 * after the other in each round. npm run bench -- engine [--rounds 5] [--json]. Needs Temporal's server: npm test
 * installs one.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { systemClock } from "#lib/clock.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { createHarnessEvaluator } from "#lib/engine/harness-evaluator.ts";
import { StubPool } from "#lib/engine/testing/stub-pool.ts";
import { trialRequestOf } from "#lib/engine/trial-shape.ts";
import { builtInRoster } from "#lib/executors/roster.ts";
import { startEmbeddedPostgres } from "#lib/postgres/embedded.ts";
import { ChaosRig, type ChaosRun } from "#workflows/testing/chaos-rig.ts";
import { projectRoot } from "#workflows/testing/test-worker.ts";
import { findTemporal } from "../../scripts/lib/temporal.mjs";

interface Load {
  trials: number;
  delayMs: number;
  atOnce: number;
}

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
const loads: readonly Load[] = [
  { trials: 250, delayMs: 50, atOnce: 25 },
  { trials: 2_000, delayMs: 50, atOnce: 100 },
  { trials: 2_000, delayMs: 0, atOnce: 100 },
];
const engines = ["ideal", "in process", "Temporal"] as const;
type Engine = (typeof engines)[number];

const cli = findTemporal(projectRoot);
if (cli === null) {
  console.error("There is no Temporal server: npm test installs one, or set TEMPORAL_CLI_PATH.");
  process.exit(2);
}
const dataDir = mkdtempSync(path.join(os.tmpdir(), "genepool-bench-"));
// For root the server runs as another user, who must be able to pass through.
chmodSync(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir, databaseName: "bench" });
try {
  await deployMigrations(server.url, projectRoot);
  const rig = await ChaosRig.start({ cli, databaseUrl: server.url });
  try {
    const results = [];
    for (const load of loads) results.push(await compare(rig, load));
    if (options.json) console.log(JSON.stringify({ rounds, results }));
    else for (const result of results) print(result);
  } finally {
    await rig.close();
  }
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Milliseconds of each engine, round by round; every run has trials of its own, so that nothing is stored before. */
async function compare(rig: ChaosRig, load: Load) {
  const times: Record<Engine, number[]> = { ideal: [], "in process": [], Temporal: [] };
  const queuePrefix = "bench-";
  const run = async (engine: Engine, current: ChaosRun) => {
    const pool = new StubPool();
    pool.delayMs = load.delayMs;
    const orders = current.orders(load.trials);
    const began = performance.now();
    if (engine === "ideal") {
      const limit = pLimit(load.atOnce);
      await Promise.all(
        orders.map(({ prompt, benchmark, repeat }) =>
          limit(() => pool.run(trialRequestOf(current.shape, prompt, benchmark, repeat))),
        ),
      );
    } else {
      const evaluator =
        engine === "Temporal"
          ? current.evaluator({ concurrency: load.atOnce })
          : createHarnessEvaluator({
              db: rig.handle.db,
              executor: builtInRoster(pool).forSystem(current.shape.agent.system),
              models: { keys: {} },
              clock: systemClock,
              optimizationId: current.id,
              shape: current.shape,
              concurrency: load.atOnce,
              isStopRequested: () => false,
            });
      const answers = await evaluator.evaluate(orders);
      const done = answers.filter(({ state }) => state === "done").length;
      if (done !== load.trials) throw new Error(`${engine}: ${done} of ${load.trials} trials`);
    }
    return performance.now() - began;
  };
  const callsFile = rig.file(`bench-${load.trials}-${load.delayMs}-${load.atOnce}.calls`);
  const worker = await rig.startWorker(queuePrefix, callsFile, load.delayMs);
  for (let round = 0; round <= rounds; round++) {
    for (const engine of engines) {
      const current = await rig.begin(load.delayMs, queuePrefix);
      const ms = await run(engine, current);
      await current.end();
      // The first round warms everything up.
      if (round > 0) times[engine].push(ms);
    }
  }
  worker.kill("SIGKILL");
  await worker.ended;
  return { load, times };
}

function print({ load, times }: Awaited<ReturnType<typeof compare>>): void {
  const { trials, delayMs, atOnce } = load;
  console.log(`\n${trials} trials of ${delayMs} ms, ${atOnce} at once, median of ${rounds} rounds`);
  for (const engine of engines) {
    const ms = median(times[engine]);
    const ratios = times[engine].map((own, round) => own / (times.ideal[round] ?? Number.NaN));
    console.log(
      `${engine.padEnd(12)} ${ms.toFixed(0).padStart(6)} ms  ${((trials / ms) * 1_000).toFixed(0).padStart(6)} trials/s  × ${median(ratios).toFixed(3)} of the ideal loop`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
