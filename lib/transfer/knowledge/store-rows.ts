import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { execute, parseStored, queryRows, type Sql, sql } from "#lib/db/query.ts";
import { canonicalJson } from "../../canonical-json.ts";
import { AppError } from "../../errors.ts";
import { columnOf } from "./columns.ts";
import { lineError } from "./lines.ts";
import { type RecordType, type Row, recordset } from "./record-type.ts";

export interface GivenRow {
  line: number;
  row: Row;
}

/** Rows of one kind that are kept in one statement. */
export interface StoredRows {
  created: number;
  /** There already, with the same content. */
  known: number;
}

/**
 * Keeps rows of one kind in the caller's transaction: those that are there are left alone, others are inserted. Throws
 * AppError("invalid") that names the line of a row that contradicts one that is there, or that the database refuses.
 */
export async function storeRows(
  tx: Executor,
  type: RecordType,
  given: readonly GivenRow[],
): Promise<StoredRows> {
  const fresh = await freshRows(tx, type, given);
  if (fresh.length > 0) await insertFresh(tx, type, fresh);
  return { created: fresh.length, known: given.length - fresh.length };
}

/** The rows that are not there yet, as they are to be kept. */
async function freshRows(
  tx: Executor,
  type: RecordType,
  given: readonly GivenRow[],
): Promise<GivenRow[]> {
  const there = await existingRows(tx, type, given);
  const fresh: GivenRow[] = [];
  for (const { line, row } of given) {
    const kept = type.kept?.(row) ?? row;
    const existing = there.get(type.keyOf(row));
    if (existing === undefined) {
      fresh.push({ line, row: kept });
      there.set(type.keyOf(row), kept);
      continue;
    }
    const differing = differingFields(existing, kept);
    // What a run became here, and what it was there: either is this row.
    if (differing.length === 0 || differingFields(existing, row).length === 0) continue;
    const id = type.key.map((field) => row[field]).join(" ");
    throw lineError(
      line,
      `the ${type.type} ${id} is there with another ${differing.join(", ")}; rows are never changed by an import`,
    );
  }
  return fresh;
}

function differingFields(existing: Row, given: Row): string[] {
  return Object.keys(given).filter(
    (field) => canonicalJson(existing[field]) !== canonicalJson(given[field]),
  );
}

const found = z.object({ line: z.string() });

async function existingRows(
  tx: Executor,
  type: RecordType,
  given: readonly GivenRow[],
): Promise<Map<string, Row>> {
  const keys = type.key.flatMap((field) => {
    const kind = type.fields[field];
    return kind === undefined ? [] : [[field, kind] as const];
  });
  const same = type.key.map((field) => `t.${columnOf(field)} = r."${field}"`).join(" AND ");
  const rows = await queryRows(
    tx,
    found,
    withRows(
      `SELECT ${type.json} AS line FROM ${type.table} t JOIN ${recordset(keys)} ON ${same}`,
      given,
    ),
  );
  return new Map(
    rows.map(({ line }) => {
      const row = parseStored(type.schema, JSON.parse(line), `a ${type.type}`);
      return [type.keyOf(row), row];
    }),
  );
}

/** A statement with the rows in the place of its `%`. */
function withRows(statement: string, rows: readonly GivenRow[]): Sql {
  const [before = "", after = ""] = statement.split("%");
  return sql([before, after], JSON.stringify(rows.map(({ row }) => row)));
}

async function insertFresh(tx: Executor, type: RecordType, fresh: GivenRow[]): Promise<void> {
  try {
    await atomically(tx, () => insertRows(tx, type, fresh));
  } catch (error) {
    // One by one, to know the line.
    for (const one of fresh) {
      try {
        await insertRows(tx, type, [one]);
      } catch (cause) {
        throw lineError(one.line, `the ${type.type} is refused: ${reasonOf(cause)}`, cause);
      }
    }
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  if (error.details?.retry === true) return "it does not follow from the lines before it";
  return error.message;
}

/** Undoes what failed and nothing else: the transaction can go on. */
async function atomically(tx: Executor, work: () => Promise<void>): Promise<void> {
  await execute(tx, sql`SAVEPOINT rows`);
  try {
    await work();
  } catch (error) {
    await execute(tx, sql`ROLLBACK TO SAVEPOINT rows`);
    throw error;
  }
  await execute(tx, sql`RELEASE SAVEPOINT rows`);
}

async function insertRows(tx: Executor, type: RecordType, rows: GivenRow[]): Promise<void> {
  if (type.table === "prompt_tags") throw new AppError("conflict", "no tag-move made it so.");
  const fields = Object.entries(type.fields);
  const derived = Object.entries(type.derived ?? {});
  const columns = [...fields.map(([field]) => columnOf(field)), ...derived.map(([name]) => name)];
  const values = [...fields.map(([field]) => `r."${field}"`), ...derived.map(([, value]) => value)];
  const names = columns.map((column) => `"${column}"`).join(", ");
  await execute(
    tx,
    withRows(
      `INSERT INTO ${type.table} (${names}) SELECT ${values.join(", ")} FROM ${recordset(fields)}`,
      rows,
    ),
  );
  if (type.table === "tag_moves") await moveTags(tx, rows);
  if (type.table === "journal_runs") await addHours(tx, rows);
}

const move = z.object({
  agentType: z.string(),
  tag: z.string(),
  fromPromptId: z.string().nullable(),
  toPromptId: z.string(),
  generation: z.int(),
  at: z.string(),
});

/** Tags follow their ledger, one move after the other as they did at first. */
async function moveTags(tx: Executor, rows: readonly GivenRow[]): Promise<void> {
  for (const { row } of rows) {
    const { agentType, tag, fromPromptId, toPromptId, generation, at } = move.parse(row);
    const moved = await execute(
      tx,
      fromPromptId === null
        ? sql`INSERT INTO prompt_tags (agent_type, tag, prompt_id, generation, moved_at)
              VALUES (${agentType}, ${tag}, ${toPromptId}::uuid, ${generation}, ${at}::timestamptz)
              ON CONFLICT (agent_type, tag) DO NOTHING`
        : sql`UPDATE prompt_tags
              SET prompt_id = ${toPromptId}::uuid, generation = ${generation}, moved_at = ${at}::timestamptz
              WHERE agent_type = ${agentType} AND tag = ${tag} AND generation = ${generation - 1}
                AND prompt_id = ${fromPromptId}::uuid`,
    );
    if (moved === 0)
      throw new AppError("conflict", `the tag "${tag}" is not where this move takes it from.`);
  }
}

/** The hourly sums that recording the runs would have kept. */
async function addHours(tx: Executor, rows: readonly GivenRow[]): Promise<void> {
  const ids = JSON.stringify(rows.map(({ row }) => row.runId));
  await execute(
    tx,
    sql`INSERT INTO journal_hours (agent_type, prompt_id, hour, runs, successes, cost_usd, latency_ms,
          input_tokens, output_tokens, simulated_runs)
        SELECT agent_type, coalesce(prompt_id, '00000000-0000-0000-0000-000000000000'),
          date_trunc('hour', started_at, 'UTC'), count(*), count(*) FILTER (WHERE outcome = 'success'),
          sum(cost_usd), sum(latency_ms), sum(input_tokens), sum(output_tokens),
          count(*) FILTER (WHERE simulated)
        FROM journal_runs
        WHERE run_id IN (SELECT jsonb_array_elements_text(${ids}::jsonb))
        GROUP BY 1, 2, 3 ORDER BY 1, 3, 2
        ON CONFLICT (agent_type, hour, prompt_id) DO UPDATE SET
          runs = journal_hours.runs + excluded.runs,
          successes = journal_hours.successes + excluded.successes,
          cost_usd = journal_hours.cost_usd + excluded.cost_usd,
          latency_ms = journal_hours.latency_ms + excluded.latency_ms,
          input_tokens = journal_hours.input_tokens + excluded.input_tokens,
          output_tokens = journal_hours.output_tokens + excluded.output_tokens,
          simulated_runs = journal_hours.simulated_runs + excluded.simulated_runs`,
  );
}
