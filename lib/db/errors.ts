import { z } from "zod";
import { AppError } from "../errors.ts";
import { Prisma } from "./generated/client.ts";

/** Postgres' error classes that the product handles, by SQLSTATE. */
export const sqlStates = {
  unique: "23505",
  foreignKey: "23503",
  check: "23514",
  /** Raised by our triggers: append-only rows, immutable content. */
  restrict: "23001",
  serialization: "40001",
  deadlock: "40P01",
  numberRange: "22003",
  momentRange: "22008",
  /** NUL characters above all. */
  character: "22021",
} as const;

const driverCause = z.object({
  driverAdapterError: z.object({
    cause: z.object({ originalCode: z.string().optional(), kind: z.string().optional() }),
  }),
});

const stateOfPrismaCode = new Map<string, string>([
  ["P2002", sqlStates.unique],
  ["P2003", sqlStates.foreignKey],
  ["P2034", sqlStates.serialization],
]);

/** The SQLSTATE behind a failed query, whether it came through a model method or raw SQL; null for other errors. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const cause = driverCause.safeParse(error.meta);
  const original = cause.success ? cause.data.driverAdapterError.cause.originalCode : undefined;
  return original ?? stateOfPrismaCode.get(error.code) ?? null;
}

/** True when running the same transaction again may succeed: it lost against another one. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof AppError) return error.details?.retry === true;
  const state = sqlStateOf(error);
  return state === sqlStates.serialization || state === sqlStates.deadlock;
}

const unreachableCodes = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2037"]);

/** The product's error for a database error, its cause kept; any other error comes back as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof Prisma.PrismaClientInitializationError) return unavailable(error);
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error;
  if (error.code === "P2025")
    return new AppError("not-found", "There is no such row.", { cause: error });
  const kind = driverCause.safeParse(error.meta);
  if (unreachableCodes.has(error.code)) return unavailable(error);
  if (kind.success && kind.data.driverAdapterError.cause.kind === "DatabaseNotReachable")
    return unavailable(error);
  return fromSqlState(sqlStateOf(error), error);
}

function fromSqlState(state: string | null, cause: unknown): AppError {
  switch (state) {
    case sqlStates.unique:
      return new AppError("conflict", "A row with these values exists already.", { cause });
    case sqlStates.foreignKey:
      return new AppError("conflict", "Another row that this one needs is missing, or needs it.", {
        cause,
      });
    case sqlStates.restrict:
      return new AppError("conflict", "These rows are kept for ever and cannot be changed.", {
        cause,
      });
    case sqlStates.check:
      return new AppError("invalid", "The database refused values outside their range.", { cause });
    case sqlStates.numberRange:
    case sqlStates.momentRange:
    case sqlStates.character:
      return new AppError("invalid", "The database cannot hold one of these values.", { cause });
    case sqlStates.serialization:
    case sqlStates.deadlock:
      return new AppError("conflict", "Somebody else changed this at the same moment. Try again.", {
        details: { retry: true },
        cause,
      });
    default:
      return new AppError("internal", "The database refused a query.", { cause });
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError("unavailable", "The database does not answer.", { cause });
}
