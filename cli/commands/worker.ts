import path from "node:path";
import type { Command } from "commander";
import { type Env, env } from "#lib/env.ts";
import { findRunningPostgres } from "#lib/postgres/embedded.ts";
import { projectRoot } from "../database.ts";

export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .description(
      "Run a benchmark worker on Temporal until it is told to end; start as many as needed",
    )
    .addHelpText(
      "after",
      `
Needs TEMPORAL_ADDRESS and the database of the installation, whose migrations it leaves alone: DATABASE_URL, or on this
machine the embedded database of an \`npm start\` that runs (which has a worker of its own where TEMPORAL_ADDRESS is set). On SIGTERM it takes no
more work and ends when what it has is done, after GENEPOOL_WORKER_DRAIN_SECONDS at the latest.

Examples:
  TEMPORAL_ADDRESS=localhost:7233 DATABASE_URL=postgres://… genepool worker
  GENEPOOL_WORKER_PROVIDERS=openai GENEPOOL_WORKER_PROVIDER_RATES=openai=5 genepool worker`,
    )
    .action(async () => {
      // Loaded here alone: the native part of Temporal's SDK would slow every other command down.
      const { runWorkerProcess } = await import("#workflows/worker-process.ts");
      await runWorkerProcess(await withRunningDatabase(env()));
      process.exit(0);
    });
}

/** The embedded database that runs stands in for DATABASE_URL; none is started, as a worker is no installation. */
async function withRunningDatabase(settings: Env): Promise<Env> {
  if (settings.DATABASE_URL !== undefined) return settings;
  const running = await findRunningPostgres(path.resolve(projectRoot, settings.GENEPOOL_DATA_DIR));
  return running === null ? settings : { ...settings, DATABASE_URL: running };
}
