import pg from "pg";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { AppError } from "#lib/errors.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#lib/postgres/embedded.ts";

export interface ReadyDatabase {
  url: string;
  /** In words, for the start message. */
  description: string;
  applied: string[];
  stop(): Promise<void>;
}

/** The user's database, or the embedded one, reachable and migrated. */
export async function readyDatabase(options: {
  databaseUrl: string | undefined;
  dataDir: string;
  root: string;
}): Promise<ReadyDatabase> {
  if (options.databaseUrl !== undefined) {
    await checkReachable(options.databaseUrl);
    const applied = await deployMigrations(options.databaseUrl, options.root);
    return {
      url: options.databaseUrl,
      description: "the database of DATABASE_URL",
      applied,
      stop: async () => {},
    };
  }
  const embedded: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: options.dataDir });
  try {
    const applied = await deployMigrations(embedded.url, options.root);
    const description = embedded.adopted
      ? "the embedded PostgreSQL that was still running"
      : "the embedded PostgreSQL";
    return { url: embedded.url, description, applied, stop: embedded.stop };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Throws AppError("unavailable") that says why DATABASE_URL cannot be used. */
export async function checkReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 8_000 });
  try {
    await client.connect();
    const { rows } = await client.query("SHOW server_version_num");
    const version = Number(rows[0]?.server_version_num);
    if (version < 150_000) {
      throw new AppError(
        "unavailable",
        `DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; 15 or newer is needed.`,
      );
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      "unavailable",
      `DATABASE_URL does not work: ${reasonOf(error)} ${adviceFor(error)}`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  const texts =
    error instanceof AggregateError
      ? error.errors.map(String)
      : [error instanceof Error ? error.message : String(error)];
  return `${texts.join("; ")}.`;
}

function adviceFor(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return "Nothing listens there: start the server, or correct host and port.";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "That host name is unknown: correct it.";
    case "28P01":
    case "28000":
      return "The server refuses user or password: correct them.";
    case "3D000":
      return "Create that database first: CREATE DATABASE …";
    default:
      return "Unset DATABASE_URL to use the embedded database instead.";
  }
}
