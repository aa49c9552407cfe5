import { z } from "zod";
import { AppError } from "../errors.ts";
import type { Executor } from "./client.ts";
import { translateDatabaseError } from "./errors.ts";
import { Prisma } from "./generated/client.ts";

export const { sql, join, empty } = Prisma;
export type Sql = Prisma.Sql;

/** Runs one statement and parses each row, so that no column is trusted to be what the SQL text promises. */
export async function queryRows<Row extends z.ZodType>(
  db: Executor,
  row: Row,
  statement: Sql,
): Promise<z.infer<Row>[]> {
  const rows: unknown = await run(() => db.$queryRaw(statement));
  return parseStored(z.array(row), rows, "a query's rows");
}

/** As queryRows, for statements that answer with at most one row. */
export async function queryRow<Row extends z.ZodType>(
  db: Executor,
  row: Row,
  statement: Sql,
): Promise<z.infer<Row> | null> {
  return (await queryRows(db, row, statement))[0] ?? null;
}

/** Runs one statement and answers how many rows it touched. */
export async function execute(db: Executor, statement: Sql): Promise<number> {
  return run(() => db.$executeRaw(statement));
}

/** Parses what the database holds; what does not parse is our own fault, not the caller's. */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("internal", `The stored value of ${what} is not what it should be.`, {
    cause: parsed.error,
  });
}

async function run<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
