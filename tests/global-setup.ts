/** One PostgreSQL for the whole run, with a migrated template that every test file clones. */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { startEmbeddedPostgres } from "#lib/postgres/embedded.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A connection that may create and drop databases. */
    adminUrl: string;
    templateDatabase: string;
  }
}

const templateDatabase = "genepool_template";
// Nothing here outlives the run, so no write has to reach the disk.
const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/** Starts the server, migrates the template and answers what takes both away again. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "genepool-tests-"));
  // For root the server runs as another user, who must be able to pass through.
  chmodSync(dataDir, 0o755);
  const watcher = watch(dataDir);
  const server = await startEmbeddedPostgres({ dataDir, databaseName: templateDatabase, settings });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
    watcher.stdin.end();
  };
  try {
    await deployMigrations(server.url, project.vitest.config.root);
    const adminUrl = new URL(server.url);
    adminUrl.pathname = "/postgres";
    await seal(adminUrl.href);
    project.provide("adminUrl", adminUrl.href);
    project.provide("templateDatabase", templateDatabase);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For a run that is killed: what holds the other end of this pipe cleans up once it breaks. */
function watch(dataDir: string) {
  const script = path.join(import.meta.dirname, "clean-up-after.mjs");
  const watcher = spawn(process.execPath, [script, dataDir], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  return watcher;
}

/** A template that somebody is connected to cannot be cloned, so nobody may connect any more. */
async function seal(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      `ALTER DATABASE ${pg.escapeIdentifier(templateDatabase)} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`,
    );
  } finally {
    await client.end();
  }
}
