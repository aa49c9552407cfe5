import path from "node:path";
import { fileURLToPath } from "node:url";
import { createDatabase, type Database } from "#lib/db/client.ts";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { env } from "#lib/env.ts";
import { findRunningPostgres, startEmbeddedPostgres } from "#lib/postgres/embedded.ts";
import { applyEnvironmentSettings } from "#lib/settings/environment.ts";

export const projectRoot = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs a command on the database: DATABASE_URL, or the embedded one that runs, or one that is started for this command and
 * stopped after it. Migrations are applied first, then the settings of the environment unless the command takes the
 * database as it is.
 */
export async function withDatabase<T>(
  work: (db: Database, url: string) => Promise<T>,
  { asItIs = false }: { asItIs?: boolean } = {},
): Promise<T> {
  const settings = env();
  const dataDir = path.resolve(projectRoot, settings.GENEPOOL_DATA_DIR);
  const running = settings.DATABASE_URL ?? (await findRunningPostgres(dataDir));
  const embedded = running === null ? await startEmbeddedPostgres({ dataDir }) : null;
  const url = running ?? embedded?.url ?? "";
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
    await embedded?.stop();
  }
}
