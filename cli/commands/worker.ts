import type { Command } from "commander";
import { env } from "#lib/env.ts";

export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .description(
      "Run a benchmark worker on Temporal until it is told to end; start as many as needed",
    )
    .addHelpText(
      "after",
      `
Needs TEMPORAL_ADDRESS and the DATABASE_URL of the installation, whose migrations it leaves alone. On SIGTERM it takes no
more work and ends when what it has is done, after GENEPOOL_WORKER_DRAIN_SECONDS at the latest.

Examples:
  TEMPORAL_ADDRESS=localhost:7233 DATABASE_URL=postgres://… genepool worker
  GENEPOOL_WORKER_PROVIDERS=openai GENEPOOL_WORKER_PROVIDER_RATES=openai=5 genepool worker`,
    )
    .action(async () => {
      // Loaded here alone: the native part of Temporal's SDK would slow every other command down.
      const { runWorkerProcess } = await import("#workflows/worker-process.ts");
      await runWorkerProcess(env());
      process.exit(0);
    });
}
