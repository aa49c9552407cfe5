/** The database and the export that version 0.1.0 wrote: tests/fixtures/v0.1.0/README.md. */
import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync, createBrotliDecompress } from "node:zlib";
import pg from "pg";

const folder = path.join(import.meta.dirname, "fixtures/v0.1.0");

/** Restores the dump into an empty database. */
export async function restoreFixedPoint(url: string): Promise<void> {
  const sql = brotliDecompressSync(readFileSync(path.join(folder, "seeded.sql.br")));
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(sql.toString("utf8"));
  } finally {
    // The dump empties the search path of its connection.
    await client.end();
  }
}

/** The bytes of the export. */
export function fixedPointExport(): AsyncIterable<Uint8Array> {
  const file = path.join(folder, "trials.jsonl.br");
  return createReadStream(file).pipe(createBrotliDecompress());
}
