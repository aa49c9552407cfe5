import { AppError } from "../errors.ts";
import { Prisma } from "./generated/client.ts";

/** A value for a JSON column; throws AppError("internal") for what JSON cannot say. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  const text = JSON.stringify(storable(value));
  if (text === undefined || text === "null")
    throw new AppError("internal", "This value cannot be stored as JSON.");
  return JSON.parse(text);
}

/** As toJson, for columns that may be empty. */
export function toNullableJson(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : toJson(value);
}

/**
 * The same value with the texts that Postgres cannot hold repaired: NUL characters and lone surrogates become U+FFFD.
 * Tool results and model replies are foreign text, and one bad character must not lose a whole run.
 */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]),
    );
  }
  return value;
}

/** Text as Postgres can hold it. */
export function storableText(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}
