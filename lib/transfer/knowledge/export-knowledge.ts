import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { execute, parseStored, queryRow, queryRows, sql } from "#lib/db/query.ts";
import { invariant } from "../../errors.ts";
import { formatVersion, type Header, LineDigest } from "./lines.ts";
import { orderOf, type RecordType } from "./record-type.ts";
import { recordTypes } from "./record-types.ts";

export interface Exported {
  /** Lines between the first and the last. */
  lines: number;
  /** Passed as `since`, the next export has what happened after this one, and perhaps a little of what it had. */
  at: string;
}

/** Rows in memory at once. */
const rowsAtOnce = 200;
/** A reader that is slower holds the snapshot no longer, so that the database can clean up. */
const exportMs = 3_600_000;

/**
 * Writes everything that is knowledge as lines of JSON, each ending in a line feed, from one snapshot of the database.
 * With `since`, only rows that are new or changed from then on. Waits for each `write` before it reads on; ends with
 * what `write` throws.
 */
export async function exportKnowledge(
  db: Database,
  { since }: { since: Date | null },
  write: (text: string) => Promise<void>,
): Promise<Exported> {
  return db.$transaction(
    async (tx) => {
      const header = await headerOf(tx, since);
      const digest = new LineDigest();
      await write(`${JSON.stringify(header)}\n`);
      for (const type of recordTypes) await writeRows(tx, { type, since, digest, write });
      const { lines } = digest;
      await write(`${JSON.stringify(digest.end())}\n`);
      return { lines, at: header.at };
    },
    { isolationLevel: "RepeatableRead", timeout: exportMs },
  );
}

const moments = z.object({ at: z.string() });
const migration = z.object({ name: z.string() });

/** The name of the newest migration that the database has. */
export async function schemaOf(db: Executor): Promise<string> {
  const newest = await queryRow(
    db,
    migration,
    sql`SELECT migration_name AS name FROM _prisma_migrations
        WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name DESC LIMIT 1`,
  );
  invariant(newest !== null, "a database has its migrations");
  return newest.name;
}

async function headerOf(tx: Executor, since: Date | null): Promise<Header> {
  // Rows bear the time at which their transaction ran: what is under way now will bear an earlier one.
  const now = await queryRow(
    tx,
    moments,
    sql`SELECT to_char(least(now(), min(xact_start)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
        FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  invariant(now !== null, "a database knows the time");
  const schema = await schemaOf(tx);
  return {
    type: "header",
    format: formatVersion,
    schema,
    at: now.at,
    since: since?.toISOString() ?? null,
  };
}

const fetched = z.object({ line: z.string() });

async function writeRows(
  tx: Executor,
  {
    type,
    since,
    digest,
    write,
  }: {
    type: RecordType;
    since: Date | null;
    digest: LineDigest;
    write: (text: string) => Promise<void>;
  },
): Promise<void> {
  // A cursor's declaration takes no parameters; the moment is written by us, and nothing else of a caller is in it.
  const changed =
    since === null ? "true" : type.changedSince(`'${since.toISOString()}'::timestamptz`);
  await execute(
    tx,
    sql([
      `DECLARE exported NO SCROLL CURSOR FOR SELECT ${type.json} AS line FROM ${type.table} t WHERE ${changed} ORDER BY ${orderOf(type)}`,
    ]),
  );
  const fetch = sql([`FETCH ${rowsAtOnce} FROM exported`]);
  for (;;) {
    const rows = await queryRows(tx, fetched, fetch);
    if (rows.length === 0) break;
    const lines = rows.map(({ line }) => lineOf(type, line));
    for (const line of lines) digest.add(line);
    await write(`${lines.join("\n")}\n`);
  }
  await execute(tx, sql`CLOSE exported`);
}

/** Checked as it will be when it comes back: nothing is written that would be refused. */
function lineOf(type: RecordType, json: string): string {
  return JSON.stringify(parseStored(type.schema, JSON.parse(json), `a ${type.type}`));
}
