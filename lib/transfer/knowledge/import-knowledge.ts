import { z } from "zod";
import type { Database, Executor } from "#lib/db/client.ts";
import { translateDatabaseError } from "#lib/db/errors.ts";
import { execute, queryRow, sql } from "#lib/db/query.ts";
import { AppError } from "../../errors.ts";
import { schemaOf } from "./export-knowledge.ts";
import {
  anyHeader,
  formatVersion,
  type Header,
  header,
  LineDigest,
  lineError,
  linesOf,
  trailer,
} from "./lines.ts";
import type { RecordType } from "./record-type.ts";
import { recordTypes } from "./record-types.ts";
import { type GivenRow, type StoredRows, storeRows } from "./store-rows.ts";

export interface ImportedKnowledge extends StoredRows {
  header: Header;
}

const rowsAtOnce = 500;
const importMs = 6 * 3_600_000;
/** Any number that nothing else in the database locks on. */
const importLock = 7_036_553_078;
const typeOf = new Map(recordTypes.map((type) => [type.type, type]));
const typed = z.looseObject({ type: z.string() });

/**
 * Reads an export into the database, all of it or nothing. Rows that are there already are left alone; the ledgers'
 * triggers hold as for any other writer. Leaves no audit event of its own: the trail is the imported one. Throws
 * AppError("invalid") that names the line for a row that contradicts one that is there or that is refused, for a newer
 * format, and for a file that is cut off or was changed.
 */
export async function importKnowledge(
  db: Database,
  chunks: AsyncIterable<Uint8Array>,
): Promise<ImportedKnowledge> {
  try {
    return await db.$transaction((tx) => readAll(tx, chunks), { timeout: importMs });
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

async function readAll(
  tx: Executor,
  chunks: AsyncIterable<Uint8Array>,
): Promise<ImportedKnowledge> {
  await execute(tx, sql`SELECT pg_advisory_xact_lock(${importLock})`);
  const reading = new Reading(tx);
  let line = 0;
  let first: Header | null = null;
  let ended = false;
  for await (const { text, whole } of linesOf(chunks)) {
    line++;
    if (ended) throw lineError(line, "the file goes on after its last line");
    const value = whole ? jsonOf(line, text) : null;
    // The last line may lack its line feed, which editors like to take away.
    const end = trailer.safeParse(value ?? laxJson(text));
    if (first === null) first = await readHeader(tx, value);
    else if (end.success) {
      await reading.end(line, end.data);
      ended = true;
    } else if (whole) await reading.take(line, text, value);
    else throw lineError(line, "the file is cut off within this line");
  }
  if (first === null) throw lineError(1, "the file is empty");
  if (!ended) throw lineError(line, "the file is cut off after this line");
  await setSequences(tx);
  await requireStatuses(tx);
  return { header: first, ...reading.stored };
}

function jsonOf(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw lineError(line, `it is not JSON: ${error.message}`, error);
  }
}

function laxJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

async function readHeader(tx: Executor, value: unknown): Promise<Header> {
  const any = anyHeader.safeParse(value);
  if (!any.success) throw lineError(1, "this is no export of Genepool: the header is missing");
  if (any.data.format > formatVersion) {
    throw lineError(
      1,
      `the export has format ${any.data.format}, and this Genepool reads ${formatVersion} at most: update it first`,
    );
  }
  const parsed = header.safeParse(value);
  if (!parsed.success) throw lineError(1, z.prettifyError(parsed.error).replaceAll("\n", " "));
  const schema = await schemaOf(tx);
  // Their names begin with their time.
  if (parsed.data.schema > schema) {
    throw lineError(
      1,
      `the export was made at the migration ${parsed.data.schema}, this database is at ${schema}: update it first`,
    );
  }
  return parsed.data;
}

/** The lines between the first and the last, kept in batches of one kind. */
class Reading {
  readonly stored: StoredRows = { created: 0, known: 0 };
  readonly #tx: Executor;
  readonly #digest = new LineDigest();
  #type: RecordType | null = null;
  #rows: GivenRow[] = [];

  constructor(tx: Executor) {
    this.#tx = tx;
  }

  async take(line: number, text: string, value: unknown): Promise<void> {
    const { type: name } = typed.safeParse(value).data ?? { type: null };
    const type = name === null ? undefined : typeOf.get(name);
    if (type === undefined) throw lineError(line, `"${name ?? ""}" is no kind of row`);
    const parsed = type.schema.safeParse(value);
    if (!parsed.success)
      throw lineError(line, z.prettifyError(parsed.error).replaceAll("\n", " "), parsed.error);
    const fault = type.fault?.(parsed.data) ?? null;
    if (fault !== null) throw lineError(line, fault);
    if (type !== this.#type || this.#rows.length === rowsAtOnce) await this.#flush();
    this.#type = type;
    this.#rows.push({ line, row: parsed.data });
    this.#digest.add(text);
  }

  /** Keeps what is left and compares the file with what its last line says of it. */
  async end(line: number, said: z.infer<typeof trailer>): Promise<void> {
    await this.#flush();
    const { lines, sha256 } = this.#digest.end();
    if (lines !== said.lines)
      throw lineError(line, `the file should have ${said.lines} rows and has ${lines}`);
    if (sha256 !== said.sha256)
      throw lineError(line, "the rows are not those that were exported: their checksum differs");
  }

  async #flush(): Promise<void> {
    if (this.#type === null) return;
    const { created, known } = await storeRows(this.#tx, this.#type, this.#rows);
    this.stored.created += created;
    this.stored.known += known;
    this.#type = null;
    this.#rows = [];
  }
}

/** What is written next gets numbers after the imported ones. */
async function setSequences(tx: Executor): Promise<void> {
  for (const table of ["prompt_transitions", "tag_moves", "audit_events"]) {
    await execute(
      tx,
      sql([
        `SELECT setval('${table}_id_seq', greatest(written.newest, numbers.last_value))
         FROM ${table}_id_seq numbers, (SELECT max(id) AS newest FROM ${table}) written
         WHERE written.newest IS NOT NULL`,
      ]),
    );
  }
}

const missing = z.object({ id: z.string() });

async function requireStatuses(tx: Executor): Promise<void> {
  const prompt = await queryRow(
    tx,
    missing,
    sql`SELECT p.id::text AS id FROM prompts p
        WHERE NOT EXISTS (SELECT 1 FROM prompt_statuses s WHERE s.prompt_id = p.id) LIMIT 1`,
  );
  if (prompt !== null)
    throw new AppError("invalid", `The prompt ${prompt.id} has no prompt-transition in the file.`);
}
