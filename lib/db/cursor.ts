import { z } from "zod";
import { AppError } from "../errors.ts";

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface PageRequest {
  /** Items on one page, 1 to 500; 50 when absent. */
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

const pageMax = 500;

/** Items asked for, within bounds. */
export function pageLimit(request: PageRequest): number {
  const limit = request.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax)
    throw new AppError("invalid", `A page has 1 to ${pageMax} items, not ${limit}.`);
  return limit;
}

/** The key of the last row seen, as opaque text. */
export function encodeCursor(key: Record<string, string | number>): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** Reads a cursor of ours; null when there is none. Throws AppError("not-found") for one that no list gave out. */
export function decodeCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | null | undefined,
): z.infer<Schema> | null {
  if (cursor === null || cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const parsed = jsonText.pipe(schema).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "not-found",
    "This list gave out no such cursor. Begin without one, and take nextCursor as it is.",
    { cause: parsed.error, details: { reason: "no-such-cursor" } },
  );
}

/** Cuts rows fetched as limit + 1 into a page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  map: { item: (row: Row) => Item; key: (row: Row) => Record<string, string | number> },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(map.key(last)) : null;
  return { items: shown.map(map.item), nextCursor };
}

const jsonText = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
});
