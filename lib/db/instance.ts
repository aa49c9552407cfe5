import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { createDatabase, type Database, type DatabaseHandle } from "./client.ts";

/** One pool a process, even where a bundler copies this module or reloads it. */
const holder: { [key: symbol]: DatabaseHandle | undefined } = globalThis;
const key = Symbol.for("genepool.database");

/**
 * The process's own database, opened at first use from DATABASE_URL. For entry points only; everything below takes `db`.
 * Throws AppError("unavailable") when no DATABASE_URL is set.
 */
export function database(): Database {
  const opened = holder[key] ?? open();
  holder[key] = opened;
  return opened.db;
}

/** Closes it, if it was opened; the next use opens it anew. */
export async function closeDatabase(): Promise<void> {
  const opened = holder[key];
  holder[key] = undefined;
  await opened?.close();
}

function open(): DatabaseHandle {
  const { DATABASE_URL: url } = env();
  if (url === undefined) {
    throw new AppError(
      "unavailable",
      "DATABASE_URL is not set. `npm start` sets it for the embedded database; see .env.example.",
    );
  }
  return createDatabase({ url });
}
