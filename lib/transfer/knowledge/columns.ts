import { z } from "zod";

/** How one kind of column stands in a line, and how Postgres reads and writes it there. */
export interface ColumnKind {
  schema: z.ZodType;
  /** The type it is read back as. */
  type: string;
  /** The column as a JSON value; numbers that JSON cannot hold exactly are text. */
  read(column: string): string;
}

const asIs = (column: string) => column;
const asText = (column: string) => `${column}::text`;

/** The kinds of columns that the tables have. Times are UTC to the millisecond, which is what the columns hold. */
export const kinds = {
  text: { schema: z.string(), type: "text", read: asIs },
  uuid: { schema: z.uuid(), type: "uuid", read: asIs },
  int: { schema: z.int32(), type: "int", read: asIs },
  float: { schema: z.number(), type: "float8", read: asIs },
  bool: { schema: z.boolean(), type: "boolean", read: asIs },
  json: {
    schema: z.unknown().refine((value) => value !== null && value !== undefined, "is missing"),
    type: "jsonb",
    read: asIs,
  },
  texts: { schema: z.array(z.string()), type: "text[]", read: asIs },
  uuids: { schema: z.array(z.uuid()), type: "uuid[]", read: asIs },
  bigint: { schema: z.string().regex(/^-?\d{1,19}$/), type: "bigint", read: asText },
  decimal: {
    schema: z.string().regex(/^-?\d{1,9}(\.\d{1,9})?$/),
    type: "numeric",
    read: (column: string) => `trim_scale(${column})::text`,
  },
  date: { schema: z.iso.date(), type: "date", read: asText },
  time: {
    schema: z.iso.datetime({ precision: 3 }),
    type: "timestamptz",
    read: (column: string) =>
      `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
} satisfies Record<string, ColumnKind>;

/** The same kind in a column that may be empty. */
export function orNull(kind: ColumnKind): ColumnKind {
  return { ...kind, schema: kind.schema.nullable() };
}

/** The same kind in a field that older formats do not have. */
export function orElse(kind: ColumnKind, value: unknown): ColumnKind {
  return { ...kind, schema: kind.schema.default(value) };
}

/** Column of a field: `agentType` is `agent_type`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
