import { Prisma } from "./generated/client.ts";

/** A value as Prisma's JSON input: a round trip drops undefined members and refuses what JSON cannot hold. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}

/** The same for nullable columns, where null means SQL NULL. */
export function toNullableJson(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : toJson(value);
}
