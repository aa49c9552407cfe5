import { z } from "zod";
import { type ColumnKind, columnOf } from "./columns.ts";

export type Row = Record<string, unknown>;

export interface RecordSpec {
  /** Names the lines. */
  type: string;
  table: string;
  fields: Readonly<Record<string, ColumnKind>>;
  /** Fields of the primary key. */
  key: readonly string[];
  /** Order of the lines in columns of `t`; the key's fields come after it. */
  order?: string;
  /** Is the row `t` new or changed since a moment, both in SQL? */
  changedSince(moment: string): string;
  /** Columns that follow from the line `r`, in SQL. */
  derived?: Readonly<Record<string, string>>;
  /** What is wrong with a line that the columns alone allow; null when nothing is. */
  fault?(row: Row): string | null;
  /** The row as it may be kept, where that is not as it was written. */
  kept?(row: Row): Row;
}

/** One kind of line with all that reading and writing it needs. */
export interface RecordType extends RecordSpec {
  /** A whole line. */
  schema: z.ZodType<Row>;
  /** SQL of the row `t` as JSON text. */
  json: string;
  /** Key of a row as text, to find it again. */
  keyOf(row: Row): string;
}

/** Completes a description; the SQL in it is ours alone, never a caller's. */
export function recordType(spec: RecordSpec): RecordType {
  const fields = Object.entries(spec.fields);
  const shape = Object.fromEntries(fields.map(([field, { schema }]) => [field, schema]));
  const members = fields.map(([field, { read }]) => `'${field}', ${read(`t.${columnOf(field)}`)}`);
  return {
    ...spec,
    schema: z.strictObject({ type: z.literal(spec.type), ...shape }),
    json: `json_build_object('type', '${spec.type}', ${members.join(", ")})::text`,
    keyOf: (row) => JSON.stringify(spec.key.map((field) => row[field])),
  };
}

/** Each row by its key again; texts by code point, so that every database has the same order. */
export function orderOf({ order, key, fields }: RecordSpec): string {
  const parts = key.map((field) => {
    const column = `t.${columnOf(field)}`;
    return fields[field]?.type === "text" ? `${column} COLLATE "C"` : column;
  });
  return [...(order === undefined ? [] : [order]), ...parts].join(", ");
}

/** The file's rows as a table `r` with the columns' own names; `%` is where the JSON goes. */
export function recordset(fields: readonly (readonly [string, ColumnKind])[]): string {
  const columns = fields.map(([field, { type }]) => `"${field}" ${type}`);
  return `jsonb_to_recordset(%::jsonb) AS r (${columns.join(", ")})`;
}
