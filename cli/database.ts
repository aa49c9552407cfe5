import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { queryRow, sql } from "#lib/db/query.ts";
import { env } from "#lib/env.ts";
import { findRunningPostgres, startEmbeddedPostgres } from "#lib/postgres/embedded.ts";
import { applyEnvironmentSettings } from "#lib/settings/environment.ts";

export const projectRoot = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs a command on the database: DATABASE_URL, or the embedded one that runs, or one that is started for commands and
 * stopped by the last of them. Migrations are applied first, then the settings of the environment unless the command takes the
 * database as it is.
 */
export async function withDatabase<T>(
  work: (db: Database, url: string) => Promise<T>,
  { asItIs = false }: { asItIs?: boolean } = {},
): Promise<T> {
  const settings = env();
  const dataDir = path.resolve(projectRoot, settings.GENEPOOL_DATA_DIR);
  const running = settings.DATABASE_URL ?? (await findRunningPostgres(dataDir));
  const url = running ?? (await startForCommands(dataDir));
  try {
    await deployMigrations(url, projectRoot);
    const { db, close } = createDatabase({ url, applicationName: "genepool command line" });
    try {
      if (!asItIs) await applyEnvironmentSettings(db, settings);
      return await work(db, url);
    } finally {
      await close();
    }
  } finally {
    if (settings.DATABASE_URL === undefined) await stopAfterCommands(dataDir, url);
  }
}

/** Says that commands started the embedded server, so that commands may stop it; `npm start` leaves no such mark. */
const markOf = (dataDir: string) => path.join(dataDir, "started-by-commands");

async function startForCommands(dataDir: string): Promise<string> {
  const { url } = await startEmbeddedPostgres({ dataDir });
  await writeFile(markOf(dataDir), "");
  return url;
}

/** Stops a server that commands started, unless another command or a running instance is on it. */
async function stopAfterCommands(dataDir: string, url: string): Promise<void> {
  if (!existsSync(markOf(dataDir)) || (await isInUse(url))) return;
  const { stop } = await startEmbeddedPostgres({ dataDir });
  await stop();
  await rm(markOf(dataDir), { force: true });
}

async function isInUse(url: string): Promise<boolean> {
  const { db, close } = createDatabase({ url, applicationName: "genepool command line" });
  try {
    const row = await queryRow(
      db,
      z.object({ others: z.int() }),
      sql`SELECT count(*)::int AS others FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return (row?.others ?? 0) > 0;
  } finally {
    await close();
  }
}
